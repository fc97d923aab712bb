extension SeedCatalogue {
    /// Products 141 to 160: bicycles and what keeps them going.
    static let cycling: [SeedProduct] = [
        SeedProduct(
            141, .cycling, "Fjell Gravel Bike", 1899_00, 7,
            "An aluminium frame with a carbon fork, wide tyres and mounts for everything.",
            "1 x 11 gears, hydraulic discs, 45 mm tyres, sizes 50 to 60."),
        SeedProduct(
            142, .cycling, "Fjell City Bike, Eight-Speed", 899_00, 10,
            "An upright bike with hub gears, mudguards and dynamo lights, ready to ride to work.",
            "Belt drive, 15.8 kg, rack carries 25 kg."),
        SeedProduct(
            143, .cycling, "Commuter Helmet with Rear Light", 84_00, 68,
            "A rounded helmet with a magnetic buckle and a light that drivers behind you see.",
            "Rotational protection, 360 g, light lasts 12 hours."),
        SeedProduct(
            144, .cycling, "Road Helmet, Ventilated", 129_00, 39,
            "Eighteen channels pull air over the head without whistling.",
            "255 g, rotational protection, sizes S to L."),
        SeedProduct(
            145, .cycling, "Front Light, 800 Lumens", 74_00, 93,
            "A cut-off beam that lights the road and leaves oncoming eyes alone.",
            "USB-C, two hours on full, ten on low."),
        SeedProduct(
            146, .cycling, "Rear Light with Brake Sensor", 39_00, 146,
            "Brightens when you slow, dims when you stop to save the cell.",
            "60 lumens, 25 hours, straps to any post."),
        SeedProduct(
            147, .cycling, "Folding Lock, 90 cm", 89_00, 57,
            "Six hardened bars that fold into a bracket the size of a glasses case.",
            "1.3 kg, 5.5 mm links, two keys, rated nine of ten."),
        SeedProduct(
            148, .cycling, "U-Lock with Cable", 64_00, 72,
            "A 14 mm shackle for the frame and a cable for the front wheel.",
            "Double-bolted, three keys, bracket included."),
        SeedProduct(
            149, .cycling, "Mini Pump with Gauge", 36_00, 128,
            "A palm-sized pump with a hose, so the valve survives.",
            "To 8 bar, Presta and Schrader, mounts beside the bottle."),
        SeedProduct(
            150, .cycling, "Floor Pump", 54_00, 61,
            "A steel barrel and a gauge at eye level that reads true.",
            "To 11 bar, wooden handle, 1 m hose."),
        SeedProduct(
            151, .cycling, "Multi-Tool, 18 Functions", 34_00, 184,
            "Hex, Torx, chain breaker and a tyre lever in 160 g.",
            "Chrome-vanadium steel, neoprene sleeve."),
        SeedProduct(
            152, .cycling, "Puncture Repair Kit", 7_50, 460,
            "Six patches, glue, chalk and two levers in a tin that fits a saddle bag.",
            "Glue good for two years unopened."),
        SeedProduct(
            153, .cycling, "Inner Tube 700 x 28-32C, Two Pack", 13_00, 350,
            "Butyl tubes with 48 mm Presta valves and a removable core.",
            "110 g each, folded flat with a rubber band worth keeping."),
        SeedProduct(
            154, .cycling, "Gravel Tyre 700 x 45C", 56_00, 80,
            "Fast in the middle, grippy at the edge, and tubeless when you are.",
            "480 g, puncture belt, tan or black side walls."),
        SeedProduct(
            155, .cycling, "Pannier Bags, Waterproof Pair", 139_00, 32,
            "Welded roll-top bags that hook on with one hand and never leak.",
            "2 x 20 L, reflective patches, adjustable hooks."),
        SeedProduct(
            156, .cycling, "Handlebar Bag, 7 L", 59_00, 0,
            "A roll bag for a jacket, a sandwich and a spare tube.",
            "Straps clear cables, waterproof to IPX4, 240 g."),
        SeedProduct(
            157, .cycling, "Bottle Cage, Side Entry", 17_00, 210,
            "Holds a bottle tight over cobbles and gives it up sideways in small frames.",
            "38 g, glass-filled nylon, black."),
        SeedProduct(
            158, .cycling, "Padded Cycling Shorts", 79_00, 74,
            "A dense seat pad and wide leg bands for days of more than three hours.",
            "Four-way stretch, flat seams, sizes XS to XXL."),
        SeedProduct(
            159, .cycling, "Cycling Gloves, Gel Palm", 32_00, 115,
            "Short-fingered gloves with thin gel where the bar presses.",
            "Terry thumb for the brow, pull tabs, washable."),
        SeedProduct(
            160, .cycling, "Smart Indoor Trainer", 599_00, 4,
            "A direct-drive trainer that simulates a 12 percent climb without waking the neighbours.",
            "Accurate to 2 percent, 58 dB at 30 km/h, folds."),
    ]
}
