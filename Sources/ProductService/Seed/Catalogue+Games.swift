extension SeedCatalogue {
    /// Products 201 to 220: board games, puzzles and toys.
    static let games: [SeedProduct] = [
        SeedProduct(
            201, .games, "Harbour Masters", 44_00, 58,
            "Load ships, read the tides, and sail before your neighbour fills the dock.",
            "Board game for 2 to 4, 75 minutes, ages 12 and up."),
        SeedProduct(
            202, .games, "Terraces of Ifugao", 54_00, 34,
            "Carve rice terraces into a shared hillside where water always runs down.",
            "Board game for 1 to 4, 90 minutes, wooden pieces."),
        SeedProduct(
            203, .games, "Signal Lost", 29_00, 82,
            "Steer a probe home together, though each of you sees a quarter of the map.",
            "Co-operative, for 2 to 5, 40 minutes, ages 10 and up."),
        SeedProduct(
            204, .games, "Pocket Bazaar", 16_00, 190,
            "A trading game of forty cards and no mercy.",
            "For 2 to 6, 20 minutes, fits a coat pocket."),
        SeedProduct(
            205, .games, "Twelve Bridges", 36_00, 47,
            "Build Königsberg's bridges and walk them before anyone else does.",
            "For 2 to 4, 45 minutes, ages 8 and up."),
        SeedProduct(
            206, .games, "Fox and Hounds Travel Set", 21_00, 73,
            "An old hunt on a magnetic board that survives a bumpy train.",
            "For 2, 15 minutes, folding tin."),
        SeedProduct(
            207, .games, "Walnut Chess Set", 119_00, 16,
            "Weighted Staunton pieces on a folding walnut and maple board.",
            "45 cm board, 95 mm king, two spare queens."),
        SeedProduct(
            208, .games, "Go Set with Slate Stones", 99_00, 13,
            "A 19-line bamboo board with bowls that hold every stone.",
            "361 stones, 9.2 mm thick, 13-line board on the back."),
        SeedProduct(
            209, .games, "Backgammon Case", 84_00, 25,
            "A stitched case with felt points and dice that sound right.",
            "38 cm, doubling cube, two leather cups."),
        SeedProduct(
            210, .games, "Double-Six Dominoes", 24_00, 110,
            "Thick tiles with brass pins in a sliding beech box.",
            "28 tiles, 48 x 24 x 12 mm."),
        SeedProduct(
            211, .games, "Playing Cards, Linen Finish", 8_50, 440,
            "Casino-grade stock with an index large enough for a dim room.",
            "Standard 54 cards, tuck box."),
        SeedProduct(
            212, .games, "Wooden Puzzle, 500 Pieces", 39_00, 52,
            "Laser-cut birch with whimsical shapes hidden among the pieces.",
            "A botanical print, 36 x 26 cm, in a cotton bag."),
        SeedProduct(
            213, .games, "Jigsaw Puzzle: Old Observatory, 1000 Pieces", 22_00, 98,
            "A brass telescope, a starry dome, and far too much blue.",
            "68 x 48 cm, recycled board, low-glare print."),
        SeedProduct(
            214, .games, "Jigsaw Puzzle: Spice Market, 2000 Pieces", 31_00, 41,
            "Forty baskets of colour for a long weekend.",
            "96 x 68 cm, letters on the back if you give up."),
        SeedProduct(
            215, .games, "Brass Disentanglement Puzzle", 18_00, 135,
            "Two rings, one knot, and an afternoon gone.",
            "Cast brass, difficulty four of six."),
        SeedProduct(
            216, .games, "Marble Run Building Set", 49_00, 67,
            "Beech tracks, curves and a chime that rewards good engineering.",
            "97 pieces, 20 glass marbles, ages 4 and up."),
        SeedProduct(
            217, .games, "Wooden Train Set, Figure Eight", 42_00, 76,
            "A loop with a bridge, a station and a train that children share or do not.",
            "37 pieces, fits the common wooden gauge, ages 3 and up."),
        SeedProduct(
            218, .games, "Building Planks, 200 Pieces", 59_00, 0,
            "Identical pine planks that become towers, cities and dominoes.",
            "Each 117 x 23 x 8 mm, no glue, no plan."),
        SeedProduct(
            219, .games, "Stargazing Card Deck", 19_50, 88,
            "Fifty constellations with punched stars to hold against a lamp.",
            "Northern and southern sky, red-light friendly."),
        SeedProduct(
            220, .games, "Dice Set, Seven Polyhedra", 13_50, 3,
            "Sharp-edged resin dice for heroes of paper.",
            "d4 to d20, inked numbers, velvet pouch."),
    ]
}
