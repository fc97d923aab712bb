// Journeys of made-up customers at a fixed rate, and what they have measured.
