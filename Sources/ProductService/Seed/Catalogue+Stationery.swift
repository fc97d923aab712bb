extension SeedCatalogue {
    /// Products 221 to 240: pens, paper and art supplies.
    static let stationery: [SeedProduct] = [
        SeedProduct(
            221, .stationery, "Fountain Pen, Fine Nib", 48_00, 83,
            "A steel nib in a turned aluminium barrel that starts at once after a week.",
            "Cartridge or converter, 24 g, converter included."),
        SeedProduct(
            222, .stationery, "Fountain Pen Ink, 50 ml, Blue-Black", 14_00, 190,
            "A well-behaved ink that shades from slate to midnight.",
            "Water-resistant once dry, glass bottle."),
        SeedProduct(
            223, .stationery, "Gel Pens 0.5 mm, Ten Pack", 15_50, 360,
            "Quick-drying pens in ten colours for those who write left-handed.",
            "Refillable, 600 m of line each."),
        SeedProduct(
            224, .stationery, "Mechanical Pencil 0.5 mm", 22_00, 148,
            "A knurled brass grip and a lead that turns as you write.",
            "Retracting tip, 17 g, eraser under the cap."),
        SeedProduct(
            225, .stationery, "Drawing Pencils, Twelve Grades", 19_00, 127,
            "Cedar pencils from 6B to 4H in a tin.",
            "Bonded leads, sharpened, made since 1889."),
        SeedProduct(
            226, .stationery, "Dot Grid Notebook, A5", 17_00, 310,
            "Numbered pages that take fountain ink without feathering.",
            "192 pages of 100 g paper, two ribbons, pocket."),
        SeedProduct(
            227, .stationery, "Pocket Notebooks, Three Pack", 12_00, 275,
            "Stapled notebooks that go where ideas happen.",
            "9 x 14 cm, 48 pages, plain, ruled and grid."),
        SeedProduct(
            228, .stationery, "Weekly Desk Planner, Undated", 21_00, 94,
            "A week across the page with room for what did not get done.",
            "60 tear-off sheets, A4 landscape."),
        SeedProduct(
            229, .stationery, "Hardback Sketchbook, A4", 26_00, 69,
            "Cream paper with enough tooth for charcoal and enough body for wash.",
            "110 sheets, 150 g, sewn to lie flat."),
        SeedProduct(
            230, .stationery, "Watercolour Set, 24 Half Pans", 58_00, 44,
            "Honey-bound colours with single pigments named on every pan.",
            "Metal box with mixing lid, empty slots for six more."),
        SeedProduct(
            231, .stationery, "Watercolour Paper, Cold Pressed", 24_50, 86,
            "Cotton paper that forgives a second thought.",
            "20 sheets, 300 g, 23 x 31 cm, glued on four sides."),
        SeedProduct(
            232, .stationery, "Round Brushes, Set of Five", 34_00, 57,
            "Synthetic sable that holds a belly of water and a point.",
            "Sizes 2, 4, 6, 8 and 12, in a roll."),
        SeedProduct(
            233, .stationery, "Acrylic Paint, Twelve Tubes", 37_00, 62,
            "Heavy-bodied paint that keeps the mark of the knife.",
            "12 x 60 ml, lightfastness on every label."),
        SeedProduct(
            234, .stationery, "Calligraphy Starter Set", 42_00, 28,
            "Two holders, six nibs, ink, and a book that begins with straight lines.",
            "Pointed and broad nibs, 64-page guide."),
        SeedProduct(
            235, .stationery, "Brass Ruler, 15 cm", 16_00, 132,
            "A ruler, a paperweight and a bookmark in one bar.",
            "Engraved in millimetres, bevelled edge."),
        SeedProduct(
            236, .stationery, "Self-Healing Cutting Mat, A3", 23_00, 105,
            "Five layers that close after the blade and keep it straight.",
            "Grid on one side, angles on the other."),
        SeedProduct(
            237, .stationery, "Precision Craft Knife", 13_00, 168,
            "A slim aluminium knife that does not roll off the table.",
            "Ten spare blades, safety cap."),
        SeedProduct(
            238, .stationery, "Washi Tape, Eight Rolls", 11_00, 240,
            "Paper tape in patterns quiet enough for a diary.",
            "15 mm x 7 m, tears by hand, lifts without a trace."),
        SeedProduct(
            239, .stationery, "Letter Writing Set", 29_00, 4,
            "Forty sheets and twenty lined envelopes for letters worth keeping.",
            "Laid paper, 120 g, with a stick of sealing wax."),
        SeedProduct(
            240, .stationery, "Desk Organiser in Beech", 45_00, 0,
            "Five compartments and a slot that holds a phone upright.",
            "28 x 16 x 10 cm, oiled, no visible screws."),
    ]
}
