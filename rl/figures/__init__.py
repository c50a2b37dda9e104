"""Data in, plotly figures out: one look for all of them. Figures never read a page's state."""
