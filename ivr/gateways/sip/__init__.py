"""A SIP leg: softphones and PBXes call the house directly. RFC 3261 over UDP, the callee's part."""
