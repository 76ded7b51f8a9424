"""The words of a coding sheet, in Dutch and English."""

from __future__ import annotations

from classify.codebook import Code

WORDS = {
    "nl": {
        "sheet": "Coderen",
        "codebook": "Codeboek",
        "about": "Over",
        "yes": "ja",
        "place": "nr",
        "unit": "bericht",
        "platform": "platform",
        "posted_at": "datum",
        "url": "link",
        "title": "titel",
        "text": "tekst",
        "alt_text": "alt-tekst",
        "transcript": "transcript",
        "answers": "eerder gecodeerd",
        "theme": "thema",
        "primary": "hoofdthema",
        "labour": "arbeidsmarkt",
        "sector": "sector",
        "audience": "doelgroep",
        "unsure": "twijfel",
        "remark": "opmerking",
        "code": "code",
        "name": "naam",
        "dimension": "vraag",
        "definition": "omschrijving",
        "include": "wel",
        "exclude": "niet",
        "examples": "voorbeelden",
        "counterexamples": "tegenvoorbeelden",
        "cut": " [… afgekapt]",
        "pick": "Kies 'ja' of laat leeg.",
        "pick_primary": "Kies het hoofdthema uit de lijst.",
        "how": (
            "Codeer elk bericht alleen op wat er staat, volgens het tweede blad. Kies 'ja' bij elke code die geldt; "
            "laat de rest leeg. Minstens één thema en één doelgroep; 'overig' staat alleen. Kies één hoofdthema uit de "
            "thema's die gelden. Twijfel: 'ja' in die kolom. Verander niets aan rij 1 en 2 en aan de kolommen "
            "links van de thema's."
        ),
    },
    "en": {
        "sheet": "Coding",
        "codebook": "Codebook",
        "about": "About",
        "yes": "yes",
        "place": "no.",
        "unit": "post",
        "platform": "platform",
        "posted_at": "date",
        "url": "link",
        "title": "title",
        "text": "text",
        "alt_text": "alt text",
        "transcript": "transcript",
        "answers": "coded before",
        "theme": "theme",
        "primary": "primary theme",
        "labour": "labour market",
        "sector": "sector",
        "audience": "audience",
        "unsure": "unsure",
        "remark": "remark",
        "code": "code",
        "name": "name",
        "dimension": "question",
        "definition": "definition",
        "include": "include",
        "exclude": "exclude",
        "examples": "examples",
        "counterexamples": "counterexamples",
        "cut": " [… cut off]",
        "pick": "Choose 'yes' or leave it empty.",
        "pick_primary": "Choose the primary theme from the list.",
        "how": (
            "Code each post by what it says and nothing else, following the second tab. Choose 'yes' at every code "
            "that applies; leave the others empty. At least one theme and one audience; 'other' stands alone. Choose "
            "one primary theme among those that apply. In doubt: 'yes' in that column. Change nothing in rows 1 and 2 "
            "and in the columns left of the themes."
        ),
    },
}

# What the codes are called where the codebook has no name for them.
NAMES = {
    "nl": {
        "labour.job_chance": "kans op werk",
        "labour.shortage": "tekort aan mensen",
        "labour.salary": "loon",
        "labour.occupation": "beroepen",
        "labour.career": "loopbaan",
        "labour.employer": "werkgevers",
        "sector.health": "zorg en welzijn",
        "sector.technology": "techniek",
        "sector.education": "onderwijs",
        "sector.economics": "economie",
        "sector.language_culture": "taal en cultuur",
        "sector.green": "groen",
        "sector.safety_sport": "veiligheid en sport",
        "audience.prospective": "scholieren die kiezen",
        "audience.current": "eigen studenten",
        "audience.parents": "ouders",
        "audience.alumni": "alumni",
        "audience.employers": "werkgevers",
        "audience.staff": "medewerkers",
        "audience.community": "algemeen publiek",
    }
}

YES = frozenset({"ja", "yes", "x", "1", "true", "waar", "j", "y"})


def code_words(code: Code, language: str) -> str:
    """Return what a code is called in a language; where nothing is known, its own name made readable."""
    known = NAMES.get(language, {}).get(code.code, code.name.replace("_", " "))
    return code.names.get(language, known)
