extension SeedCatalogue {
    /// Products 161 to 180: weights, mats and running gear.
    static let fitness: [SeedProduct] = [
        SeedProduct(
            161, .fitness, "Adjustable Dumbbell, 2 to 24 kg", 219_00, 20,
            "One dial replaces twelve dumbbells and a wall of racks.",
            "Steps of 2 kg, steel plates, sold singly with tray."),
        SeedProduct(
            162, .fitness, "Cast Kettlebell, 8 kg", 39_00, 88,
            "A single-cast bell with a handle wide enough for two hands.",
            "Powder coat, colour ring, flat base."),
        SeedProduct(
            163, .fitness, "Cast Kettlebell, 16 kg", 62_00, 70,
            "The bell most people settle on for swings and presses.",
            "Powder coat, 33 mm handle, flat base."),
        SeedProduct(
            164, .fitness, "Cast Kettlebell, 24 kg", 89_00, 36,
            "For those who have outgrown sixteen and want to feel it again.",
            "Powder coat, 35 mm handle, flat base."),
        SeedProduct(
            165, .fitness, "Resistance Bands, Set of Five", 24_00, 275,
            "Layered latex loops from a gentle 5 kg to a stubborn 55 kg.",
            "104 cm, in a mesh bag with a door anchor."),
        SeedProduct(
            166, .fitness, "Natural Rubber Yoga Mat", 72_00, 103,
            "Grips when dry, grips when damp, and lies flat the first time.",
            "183 x 66 cm, 4 mm, 2.3 kg, alignment line."),
        SeedProduct(
            167, .fitness, "Cork Yoga Block, Pair", 28_00, 142,
            "Two firm blocks that bring the floor nearer.",
            "23 x 15 x 7.5 cm, rounded edges, 680 g each."),
        SeedProduct(
            168, .fitness, "Yoga Strap, 2.5 m", 11_50, 200,
            "A cotton strap with a steel D-ring that does not slip.",
            "38 mm wide, washable."),
        SeedProduct(
            169, .fitness, "Foam Roller, 45 cm", 31_00, 118,
            "A ridged roller with a hollow core that does not go soft.",
            "14 cm across, carries 150 kg, 30-minute guide inside."),
        SeedProduct(
            170, .fitness, "Massage Gun, Compact", 119_00, 41,
            "Quiet enough for the office and strong enough for calves after a hill.",
            "Four heads, four speeds to 3,000 a minute, 600 g."),
        SeedProduct(
            171, .fitness, "Doorway Pull-Up Bar", 44_00, 59,
            "Braces against the frame without a single screw.",
            "For doors 66 to 92 cm wide, carries 120 kg, three grips."),
        SeedProduct(
            172, .fitness, "Gymnastic Rings, Birch", 49_00, 65,
            "Sanded birch rings with numbered straps so both hang level.",
            "32 mm, 4.5 m straps, carries 300 kg."),
        SeedProduct(
            173, .fitness, "Speed Rope with Bearings", 19_00, 230,
            "A coated steel rope that turns faster than you do.",
            "3 m, cut to size, aluminium handles."),
        SeedProduct(
            174, .fitness, "Weighted Vest, 10 kg", 94_00, 0,
            "Sits close and does not bounce on the run.",
            "Twenty iron inserts of 500 g, side straps."),
        SeedProduct(
            175, .fitness, "Rowing Machine, Water Resistance", 699_00, 8,
            "An ash-wood rower whose water drum pulls back as hard as you pull.",
            "Monitor with heart-rate link, stands upright, carries 150 kg."),
        SeedProduct(
            176, .fitness, "Folding Weight Bench", 149_00, 22,
            "Seven angles from flat to upright in a bench that folds to 24 cm.",
            "Carries 280 kg, 14 kg, wheels."),
        SeedProduct(
            177, .fitness, "Running Belt with Two Pockets", 26_00, 156,
            "Holds a phone and keys still against the small of the back.",
            "Stretch fabric, reflective zip, sizes S to L."),
        SeedProduct(
            178, .fitness, "Heart-Rate Chest Strap", 69_00, 82,
            "Beats the wrist for accuracy and speaks to any watch or trainer.",
            "Bluetooth and ANT+, 400 hours on a coin cell, washable strap."),
        SeedProduct(
            179, .fitness, "Running Vest with Soft Flasks", 98_00, 27,
            "A snug vest with two 500 ml flasks and room for a jacket.",
            "5 L, 210 g, whistle, sizes S to L."),
        SeedProduct(
            180, .fitness, "Balance Board, Beech", 58_00, 2,
            "A rocking board for ankles, posture and long telephone calls.",
            "76 x 29 cm, carries 130 kg, cork roller."),
    ]
}
