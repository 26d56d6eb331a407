"""The dialects of telephone gateways. Each file translates one; none decides anything."""
