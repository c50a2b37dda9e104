"""Language models as readers: asking one, checking what it says, and paying for it. The one package with a network."""
