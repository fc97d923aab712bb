// Faults that are switched on at run time, always with an end.
