"""Handing the risk file to other tools and taking it back: needs.json, ReqIF, tables, GraphML, GSN."""
