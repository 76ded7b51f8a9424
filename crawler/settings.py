"""Scrapy settings of every spider; a study file adds contact, delays and budgets when its spider starts."""

BOT_NAME = "uitzicht"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# Say who we are, ask one thing at a time, and obey.
USER_AGENT = "Uitzicht/0.1 (+https://github.com/uitzicht/uitzicht)"
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "Uitzicht"
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 2.0
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024
DOWNLOAD_WARNSIZE = 16 * 1024 * 1024
DOWNLOAD_VERIFY_CERTIFICATES = True
COOKIES_ENABLED = False

# A redirect or an error status is evidence, not something to follow or drop.
REDIRECT_ENABLED = False
METAREFRESH_ENABLED = False
HTTPERROR_ALLOW_ALL = True
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 503, 504, 522, 524, 408]

# Responses come back through these from the highest number to the lowest.
DOWNLOADER_MIDDLEWARES = {
    "crawler.quota.QuotaMiddleware": 530,
    "crawler.middlewares.BudgetMiddleware": 540,
    "crawler.middlewares.PatienceMiddleware": 560,
    "crawler.middlewares.CaptureMiddleware": 585,
    "crawler.replay.ReplayMiddleware": 950,
}
ADDONS = {"crawler.addon.MonitorAddon": 600}  # does nothing where Spidermon is not installed
ITEM_PIPELINES = {"crawler.pipelines.CountPipeline": 100}
CONCURRENT_ITEMS = 1  # pages of a visit reach its journal in the order in which they came

FEED_EXPORT_ENCODING = "utf-8"
FEED_EXPORTERS = {
    "jsonl": "crawler.exporters.PostLinesExporter",
    "jsonlines": "crawler.exporters.PostLinesExporter",
    "json": "crawler.exporters.PostJsonExporter",
    "csv": "crawler.exporters.PostCsvExporter",
}

TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
MEMUSAGE_LIMIT_MB = 4096
LOG_LEVEL = "INFO"
