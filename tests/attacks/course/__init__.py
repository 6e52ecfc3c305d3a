"""A toy course of ten points: ``one_hot`` and ``split``, each 2 for the known example and 3 hidden."""
