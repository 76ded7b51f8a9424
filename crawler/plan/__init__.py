"""What a crawl will ask, foreseen before it begins: routes, requests, quota and days. Nothing here asks a platform."""
