"""Tests of the year board, of accepted warnings, and of the letter to those who are late."""
