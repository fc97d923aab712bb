extension SeedCatalogue {
    /// Products 101 to 120: linen, pillows and towels.
    static let bedAndBath: [SeedProduct] = [
        SeedProduct(
            101, .bedAndBath, "Linen Duvet Cover, 200 x 200 cm", 149_00, 42,
            "Stone-washed flax that is cool in July and warm in January.",
            "170 g per square metre, coconut buttons, gets softer with each wash."),
        SeedProduct(
            102, .bedAndBath, "Linen Pillowcases, Pair", 49_00, 86,
            "Envelope pillowcases of the same washed flax as the duvet cover.",
            "50 x 70 cm, five colours dyed without azo."),
        SeedProduct(
            103, .bedAndBath, "Percale Fitted Sheet, 160 x 200 cm", 44_00, 120,
            "Crisp long-staple cotton with elastic all the way round.",
            "200 threads per inch, for mattresses up to 30 cm."),
        SeedProduct(
            104, .bedAndBath, "All-Season Down Duvet", 249_00, 21,
            "Two duvets that button together: light for summer, both for winter.",
            "Traceable goose down, 650 fill, 200 x 200 cm."),
        SeedProduct(
            105, .bedAndBath, "Wool Duvet, Lightweight", 179_00, 33,
            "A washable wool filling that keeps its temperature and its shape.",
            "350 g per square metre, cotton cover, moth-safe."),
        SeedProduct(
            106, .bedAndBath, "Buckwheat Hull Pillow", 39_00, 95,
            "A pillow that holds the neck where you put it and lets air through.",
            "40 x 60 cm, 3 kg of hulls, zip to adjust the height."),
        SeedProduct(
            107, .bedAndBath, "Memory Foam Pillow", 54_00, 77,
            "Open-cell foam, contoured for side and back sleepers.",
            "12 cm at the high side, bamboo cover washes at 60 °C."),
        SeedProduct(
            108, .bedAndBath, "Merino Throw Blanket", 89_00, 58,
            "A featherweight throw for reading corners and long flights.",
            "130 x 180 cm, 19.5 micron merino, hand-knotted fringe."),
        SeedProduct(
            109, .bedAndBath, "Weighted Blanket, 7 kg", 99_00, 26,
            "Glass beads in small quilted squares press evenly from shoulder to toe.",
            "135 x 200 cm, removable cotton cover."),
        SeedProduct(
            110, .bedAndBath, "Mattress Protector, 160 x 200 cm", 38_50, 140,
            "Quiet, breathable, and waterproof where it matters.",
            "Terry top over a thin membrane, dries in the tumble dryer."),
        SeedProduct(
            111, .bedAndBath, "Waffle Bath Towel", 32_00, 165,
            "Dries faster than it has any right to and takes half the space of terry.",
            "70 x 140 cm, stonewashed cotton, hanging loop."),
        SeedProduct(
            112, .bedAndBath, "Turkish Cotton Towel Set, Six Pieces", 79_00, 49,
            "Two bath, two hand and two face towels with a dense, low pile.",
            "600 g per square metre, double-stitched hems."),
        SeedProduct(
            113, .bedAndBath, "Cork Bath Mat", 36_00, 0,
            "Warm underfoot, dries by itself, and never smells of yesterday.",
            "60 x 40 cm, natural rubber feet."),
        SeedProduct(
            114, .bedAndBath, "Hooded Bathrobe in Organic Cotton", 84_00, 37,
            "A knee-length robe with deep pockets and a belt that stays in its loops.",
            "Sizes S to XL, 380 g terry, certified organic."),
        SeedProduct(
            115, .bedAndBath, "Shower Curtain in Recycled Polyester", 29_00, 112,
            "A heavy curtain that hangs straight and does not cling.",
            "180 x 200 cm, rustproof eyelets, washes at 40 °C."),
        SeedProduct(
            116, .bedAndBath, "Handheld Shower Head, Water Saving", 42_00, 91,
            "Mixes air into the jet, so seven litres feel like twelve.",
            "Three sprays, descales with a thumb, standard half-inch thread."),
        SeedProduct(
            117, .bedAndBath, "Bamboo Laundry Basket, Two Compartments", 46_00, 64,
            "Keeps whites and colours apart until Saturday.",
            "60 x 33 x 60 cm, washable canvas bags with handles."),
        SeedProduct(
            118, .bedAndBath, "Soap Dish in Soapstone", 18_50, 155,
            "Ribbed to drain, heavy enough to stay, and cool to the touch.",
            "13 x 9 cm, each with its own veining."),
        SeedProduct(
            119, .bedAndBath, "Olive Oil Soap, Four Bars", 16_00, 330,
            "Cold-processed soap cured for nine months and cut by hand.",
            "4 x 150 g, unscented, no palm oil."),
        SeedProduct(
            120, .bedAndBath, "Sunrise Alarm Clock", 69_00, 5,
            "Brightens for half an hour before it sounds, so you are half awake already.",
            "Twenty light levels, seven sounds, battery back-up."),
    ]
}
