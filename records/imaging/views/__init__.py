"""Web doors: uploads whole and in pieces, the viewer's page and its data."""
