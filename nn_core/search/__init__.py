"""Hyper-parameter search: what varies (`space`, `description`), the study of trials (`study`), and the runs (`run`)."""
