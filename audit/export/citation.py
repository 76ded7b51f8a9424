"""CITATION.cff: how to cite an export (citation-file-format.org)."""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml

from audit.study import Study


def citation(study: Study, *, software_version: str, made_on: date, is_pseudonymised: bool) -> str:
    """Return the citation file of an export of a study."""
    described = "Pseudonymised export" if is_pseudonymised else "Export"
    said: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite them as below.",
        "type": "dataset",
        "title": study.title,
        "abstract": f"{described} of a study of how often labour-market prospects appear in what Dutch institutions "
        "for vocational and higher professional education post on social media.",
        "authors": [_author(name) for name in study.export.authors] or [_makers(study)],
        "date-released": made_on,
        "version": made_on.isoformat(),
        "keywords": ["content analysis", "social media", "labour market", "vocational education"],
        "references": [
            {
                "type": "software",
                "title": "Uitzicht",
                "version": software_version,
                "authors": [{"name": "The Uitzicht contributors"}],
                "license": "Apache-2.0",
            }
        ],
    }
    if study.export.licence:
        said["license"] = study.export.licence
    return yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=100)


def _author(name: str) -> dict[str, str]:
    family, comma, given = (part.strip() for part in name.partition(","))
    return {"family-names": family, "given-names": given} if comma and given else {"name": family}


def _makers(study: Study) -> dict[str, str]:
    makers = {"name": f"The makers of {study.title}"}
    return makers | ({"email": study.crawl.contact} if "@" in study.crawl.contact else {})
