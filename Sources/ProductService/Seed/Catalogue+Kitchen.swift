extension SeedCatalogue {
    /// Products 61 to 80: pans, knives, coffee and crockery.
    static let kitchen: [SeedProduct] = [
        SeedProduct(
            61, .kitchen, "Cast Iron Skillet, 26 cm", 39_00, 142,
            "A pre-seasoned skillet with a helper handle and two pouring lips.",
            "2.3 kg, for every hob, oven and open fire."),
        SeedProduct(
            62, .kitchen, "Enamelled Dutch Oven, 5.5 L", 129_00, 56,
            "A heavy pot for bread, stews and Sunday beans, with drip points under the lid.",
            "Oven-safe to 260 °C, 26 cm, light interior shows the browning."),
        SeedProduct(
            63, .kitchen, "Carbon Steel Wok, 32 cm", 49_50, 73,
            "Hammered by machine, finished by hand, and flat enough for induction.",
            "1.5 mm steel, beech handle, arrives unseasoned with instructions."),
        SeedProduct(
            64, .kitchen, "Stainless Saucepan Set, Three Pieces", 119_00, 38,
            "Fully clad pans of 1, 2 and 3 litres that heat evenly up the sides.",
            "Three layers, marked in litres inside, lids that strain."),
        SeedProduct(
            65, .kitchen, "Chef's Knife, 20 cm", 84_00, 92,
            "A thin, full-tang blade of stain-resistant steel that keeps its edge.",
            "58 HRC, sharpened to 15 degrees, walnut handle."),
        SeedProduct(
            66, .kitchen, "Paring Knife, 9 cm", 24_00, 165,
            "A small straight blade for peeling, coring and everything in the hand.",
            "Same steel and walnut as the chef's knife, 62 g."),
        SeedProduct(
            67, .kitchen, "Bread Knife, 24 cm", 46_00, 64,
            "Deep rounded serrations that saw through crust and leave the crumb alone.",
            "Offset handle keeps knuckles off the board."),
        SeedProduct(
            68, .kitchen, "End-Grain Chopping Board", 74_00, 29,
            "Beech blocks set on end close up after each cut and spare the knife.",
            "40 x 30 x 4 cm, juice groove on one side, 3.4 kg."),
        SeedProduct(
            69, .kitchen, "Whetstone 1000/6000", 34_50, 87,
            "A two-sided water stone that repairs an edge and then polishes it.",
            "18 x 6 cm, with bamboo base and angle guide."),
        SeedProduct(
            70, .kitchen, "Conical Burr Coffee Grinder", 139_00, 46,
            "Forty steps from espresso to French press with almost no static.",
            "40 mm steel burrs, 35 g hopper, 1.2 g retention."),
        SeedProduct(
            71, .kitchen, "Hand Coffee Grinder", 69_00, 110,
            "Fits in the space of a rolled newspaper and grinds 20 g in forty seconds.",
            "Steel burrs on two bearings, folding crank."),
        SeedProduct(
            72, .kitchen, "Pour-Over Dripper and Carafe", 32_00, 134,
            "A glass carafe with an olive-wood collar and a steel filter that needs no paper.",
            "600 ml, dishwasher-safe without the collar."),
        SeedProduct(
            73, .kitchen, "Gooseneck Kettle with Temperature Dial", 79_00, 51,
            "Pours a thread of water at the degree you set and holds it for half an hour.",
            "0.9 L, 40 to 100 °C, 1,200 W."),
        SeedProduct(
            74, .kitchen, "Stovetop Espresso Maker, Six Cups", 29_90, 220,
            "The eight-sided aluminium pot that starts most mornings in Italy.",
            "300 ml, safety valve, spare gasket included."),
        SeedProduct(
            75, .kitchen, "Stoneware Mug, 350 ml", 14_00, 380,
            "A hand-glazed mug with a foot that stays cool on the table.",
            "Reactive glaze, so no two match; microwave and dishwasher safe."),
        SeedProduct(
            76, .kitchen, "Dinner Plates, Set of Four", 52_00, 76,
            "Matt stoneware plates with a rim that catches sauce.",
            "27 cm, stack to 9 cm, chip guarantee of five years."),
        SeedProduct(
            77, .kitchen, "Digital Kitchen Scale", 27_50, 240,
            "Weighs a letter or a turkey on a wipe-clean glass plate.",
            "To 10 kg in 1 g steps, tare, USB-C rechargeable."),
        SeedProduct(
            78, .kitchen, "Instant-Read Thermometer", 36_00, 4,
            "Reads a roast in two seconds and folds into the apron pocket.",
            "-50 to 300 °C, accurate to 0.5 °C, waterproof."),
        SeedProduct(
            79, .kitchen, "Stand Mixer, 4.8 L", 379_00, 13,
            "A planetary mixer strong enough for a kilo of bread dough.",
            "600 W, eleven speeds, whisk, beater and dough hook in steel."),
        SeedProduct(
            80, .kitchen, "Sourdough Proofing Basket", 19_50, 0,
            "A rattan basket that gives the loaf its rings and the crust its shape.",
            "Round, 22 cm, for 750 g of dough, with linen liner."),
    ]
}
