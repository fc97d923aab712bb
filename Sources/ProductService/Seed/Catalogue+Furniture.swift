extension SeedCatalogue {
    /// Products 81 to 100: furniture and lamps.
    static let furniture: [SeedProduct] = [
        SeedProduct(
            81, .furniture, "Height-Adjustable Desk, 140 x 70 cm", 489_00, 19,
            "Two quiet motors raise an oak-veneer top from sitting to standing in ten seconds.",
            "62 to 127 cm, carries 100 kg, four memory keys."),
        SeedProduct(
            82, .furniture, "Task Chair with Mesh Back", 329_00, 27,
            "A chair that leans with you and holds the lower back while it does.",
            "Adjustable seat depth, arms and tension; spare parts sold for ten years."),
        SeedProduct(
            83, .furniture, "Birch Plywood Bookshelf, Five Tiers", 219_00, 34,
            "Slots together without a screw and comes apart when you move.",
            "180 x 80 x 30 cm, 25 kg a shelf, wall strap included."),
        SeedProduct(
            84, .furniture, "Wall Shelf, Solid Oak, 80 cm", 64_00, 88,
            "A floating shelf on two hidden steel pins.",
            "22 cm deep, carries 15 kg, oiled finish."),
        SeedProduct(
            85, .furniture, "Round Dining Table, 110 cm", 399_00, 9,
            "A pedestal table that seats four, or five who like each other.",
            "Solid ash, 74 cm high, rounded edge."),
        SeedProduct(
            86, .furniture, "Spindle-Back Dining Chair", 129_00, 48,
            "A light chair with a steamed beech back and a saddled seat.",
            "3.9 kg, stacks two high, felt feet fitted."),
        SeedProduct(
            87, .furniture, "Two-Seat Sofa in Wool Blend", 899_00, 6,
            "A compact sofa with washable covers that fits through a 70 cm door.",
            "158 cm wide, legs screw on, cover in grey, moss or rust."),
        SeedProduct(
            88, .furniture, "Lounge Chair in Bent Ash", 459_00, 12,
            "A low chair with a paper-cord seat that softens with the years.",
            "72 cm high, 61 cm wide, oiled ash."),
        SeedProduct(
            89, .furniture, "Nesting Side Tables, Set of Three", 149_00, 40,
            "Three powder-coated steel tables that slide under each other.",
            "30, 38 and 46 cm across, tops lift off as trays."),
        SeedProduct(
            90, .furniture, "Entryway Bench with Shoe Rack", 159_00, 31,
            "Sit down, tie your shoes, and put the other pair below.",
            "100 cm, bamboo, carries 150 kg."),
        SeedProduct(
            91, .furniture, "Wall Coat Rack, Seven Pegs", 42_00, 97,
            "Turned beech pegs on an oak rail, spaced for winter coats.",
            "70 cm, screws and plugs included."),
        SeedProduct(
            92, .furniture, "Under-Bed Storage Drawer", 54_00, 66,
            "A rolling drawer on four castors for blankets and out-of-season clothes.",
            "90 x 60 x 17 cm, pine, with a cotton cover."),
        SeedProduct(
            93, .furniture, "Architect Desk Lamp", 89_00, 83,
            "A sprung steel lamp that stays where you leave it.",
            "E27, reach 90 cm, clamp and weighted base both included."),
        SeedProduct(
            94, .furniture, "Paper Lantern Pendant, 50 cm", 34_00, 150,
            "Rice paper on a bamboo spiral turns any bulb into a moon.",
            "Folds flat for shipping, 2 m of cloth-covered cable."),
        SeedProduct(
            95, .furniture, "Arc Floor Lamp with Marble Base", 239_00, 1,
            "Reaches over the sofa and lights the page rather than the wall.",
            "210 cm high, 14 kg base, dimmer on the cable."),
        SeedProduct(
            96, .furniture, "Bedside Table Lamp, Opal Glass", 59_00, 72,
            "A hand-blown globe on a brass foot that dims by touch.",
            "18 cm across, 300 lumens at full, warm white."),
        SeedProduct(
            97, .furniture, "Picture Ledge, 115 cm", 22_00, 125,
            "A narrow ledge with a lip, so pictures can move without new holes.",
            "12 cm deep, white or birch, carries 7 kg."),
        SeedProduct(
            98, .furniture, "Full-Length Mirror, Arched", 169_00, 23,
            "A slim steel arch that leans or hangs and makes a hallway wider.",
            "165 x 60 cm, safety film behind the glass."),
        SeedProduct(
            99, .furniture, "Wool Rug, 170 x 240 cm", 319_00, 15,
            "Handwoven on a cotton warp in undyed stripes.",
            "8 mm thick, reversible, made by a certified cooperative."),
        SeedProduct(
            100, .furniture, "Monitor Riser with Drawer", 48_00, 104,
            "Lifts a screen 11 cm and swallows the keyboard underneath.",
            "55 x 24 cm, walnut veneer, carries 20 kg."),
    ]
}
