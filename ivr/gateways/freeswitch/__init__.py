"""FreeSWITCH: httapi documents, streams of two modules, and what a dialplan asks afterwards."""
