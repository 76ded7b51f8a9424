"""Coding sheets: what coders fill in, as a workbook or for Label Studio, and the reading of what they filled in."""
