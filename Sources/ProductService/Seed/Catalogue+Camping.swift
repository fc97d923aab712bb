extension SeedCatalogue {
    /// Products 121 to 140: tents, packs and clothing for the hill.
    static let camping: [SeedProduct] = [
        SeedProduct(
            121, .camping, "Ridge Two-Person Tent", 289_00, 24,
            "A free-standing three-season tent with two doors and room for wet packs.",
            "1.9 kg, 3,000 mm fly, pitches in four minutes."),
        SeedProduct(
            122, .camping, "Ridge One-Person Tent", 219_00, 17,
            "A trekking tent that weighs as much as a bottle of water.",
            "980 g with pegs, 95 cm at the peak, single aluminium pole."),
        SeedProduct(
            123, .camping, "Tent Footprint for Ridge Two", 39_00, 52,
            "Cut to the floor of the Ridge Two so rain runs off and stones stay out.",
            "210 g, 5,000 mm, clips to the poles for a fast pitch."),
        SeedProduct(
            124, .camping, "Down Sleeping Bag, -7 °C", 329_00, 14,
            "Box-baffled hydrophobic down with a collar that seals the warmth in.",
            "1.05 kg, 750 fill, packs to 8 litres."),
        SeedProduct(
            125, .camping, "Summer Sleeping Bag, 10 °C", 89_00, 61,
            "A zip-open bag that doubles as a quilt in the camper.",
            "780 g, recycled fill, left and right bags join."),
        SeedProduct(
            126, .camping, "Insulated Sleeping Mat", 119_00, 45,
            "Seven centimetres of air with a reflecting layer between you and the ground.",
            "R-value 4.2, 460 g, pump sack included."),
        SeedProduct(
            127, .camping, "Closed-Cell Foam Mat", 34_00, 133,
            "The mat that cannot go flat and doubles as a seat.",
            "R-value 2, 410 g, folds like a concertina."),
        SeedProduct(
            128, .camping, "Trekking Backpack, 55 L", 189_00, 28,
            "A ventilated frame that moves 15 kg from the shoulders to the hips.",
            "Adjustable back length, rain cover, 1.65 kg."),
        SeedProduct(
            129, .camping, "Day Pack, 22 L", 79_00, 96,
            "A light pack with a back panel stiff enough for a laptop and soft enough for a hill.",
            "620 g, two bottle pockets, whistle on the strap."),
        SeedProduct(
            130, .camping, "Gas Stove, Folding", 44_50, 118,
            "Three serrated arms hold a pan steady and fold into a shirt pocket.",
            "83 g, 3 kW, boils a litre in under four minutes."),
        SeedProduct(
            131, .camping, "Titanium Cook Set, 900 ml", 69_00, 43,
            "A pot, a lid that fries an egg, and room inside for stove and gas.",
            "165 g, folding handles, measured in the metal."),
        SeedProduct(
            132, .camping, "Insulated Bottle, 750 ml", 32_00, 290,
            "Keeps tea hot through a day's walk and water cold through the next.",
            "18/8 steel, 12 hours hot, 24 cold, loop lid."),
        SeedProduct(
            133, .camping, "Water Filter, Squeeze", 38_00, 107,
            "Screws onto a bottle and makes a stream drinkable.",
            "0.1 micron hollow fibre, 90 g, back-flush syringe included."),
        SeedProduct(
            134, .camping, "Head Torch, 400 Lumens", 49_00, 171,
            "Reads a map in red and lights a path in white.",
            "78 g, USB-C, 110 m beam, lock against waking in the pack."),
        SeedProduct(
            135, .camping, "Camp Lantern, Rechargeable", 42_00, 84,
            "A soft light that dims by turning and hangs from its own hook.",
            "300 lumens, 40 hours on low, charges a phone."),
        SeedProduct(
            136, .camping, "Carbon Trekking Poles, Pair", 109_00, 0,
            "Three-part poles with cork grips that take the strain off knees downhill.",
            "410 g the pair, 62 to 135 cm, spare baskets."),
        SeedProduct(
            137, .camping, "Merino Base Layer, Long Sleeve", 74_00, 79,
            "A next-to-skin layer that goes four days without complaint.",
            "165 g per square metre, flat seams, sizes XS to XXL."),
        SeedProduct(
            138, .camping, "Waterproof Shell Jacket", 199_00, 35,
            "A three-layer jacket with pit zips and a hood that turns with the head.",
            "20,000 mm, 390 g, helmet-compatible, repairable."),
        SeedProduct(
            139, .camping, "Hiking Socks, Two Pairs", 28_00, 245,
            "Merino with a cushioned heel and toes that lie flat in the boot.",
            "Sizes 36 to 47, guaranteed for life against holes."),
        SeedProduct(
            140, .camping, "Map Compass with Mirror", 46_00, 3,
            "A sighting compass with adjustable declination for those who leave the path.",
            "2 degree scale, luminous marks, 74 g."),
    ]
}
