"""
Reads foreign files in a process of its own: `python -m records.imaging.reader`.

Knows DICOM, ZIP and pictures; knows neither Django nor the database. `children.py` starts it.
"""
