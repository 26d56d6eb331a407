"""The gateways: each file is one, as the service sees it."""
