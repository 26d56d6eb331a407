"""Voices of very many recordings, encoded beforehand and kept sealed for as long as it takes."""
