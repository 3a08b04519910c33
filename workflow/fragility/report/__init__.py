"""What people read: tables and pages, the look of figures, the scorecard, provenance."""
