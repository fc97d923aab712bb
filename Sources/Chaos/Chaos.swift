// Experiments: a steady state, load, a fault, what must happen, and the way back.
