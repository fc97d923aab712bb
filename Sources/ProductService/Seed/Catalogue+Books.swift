extension SeedCatalogue {
    /// Products 181 to 200: printed books.
    static let books: [SeedProduct] = [
        SeedProduct(
            181, .books, "The Lighthouse Ledger", 16_99, 140,
            "A keeper's daughter finds thirty years of coded entries in her father's logbook.",
            "Novel by Ines Halloran, 352 pages, paperback."),
        SeedProduct(
            182, .books, "Salt Roads", 24_00, 63,
            "How a white mineral drew the map of Europe, told along five journeys on foot.",
            "History by Tomas Brandvold, 416 pages, hardback, 24 plates."),
        SeedProduct(
            183, .books, "Bread by the Clock", 29_50, 88,
            "Forty loaves arranged by how much time you have, from one hour to three days.",
            "Baking by Marguerite Oduya, 256 pages, lies flat."),
        SeedProduct(
            184, .books, "Weeknight Vegetables", 27_00, 104,
            "A hundred dinners in thirty minutes, sorted by what is in season.",
            "Cooking by Leo Castellan, 288 pages, hardback."),
        SeedProduct(
            185, .books, "The Patient Gardener", 22_50, 71,
            "A month-by-month companion for small plots, pots and window sills.",
            "Gardening by Ruth Amsel, 240 pages, drawings by the author."),
        SeedProduct(
            186, .books, "A Field Guide to Northern Birds", 19_95, 117,
            "Three hundred species with range maps, calls in words, and a waterproof cover.",
            "Nature by P. Lindqvist, 400 pages, pocket size."),
        SeedProduct(
            187, .books, "Systems That Fail Well", 38_00, 49,
            "What bridges, hospitals and data centres teach about breaking gracefully.",
            "Engineering by Anjali Rautela, 312 pages, paperback."),
        SeedProduct(
            188, .books, "Queues, Clocks and Tails", 44_00, 33,
            "A working engineer's guide to latency: why averages lie and what to measure instead.",
            "Computing by Mikkel Storgaard, 368 pages, exercises with answers."),
        SeedProduct(
            189, .books, "The Small Database", 41_00, 26,
            "Builds a transactional store in twelve chapters, one honest trade-off at a time.",
            "Computing by Dara Whitlock, 448 pages, source included."),
        SeedProduct(
            190, .books, "Drawing What You See", 21_00, 92,
            "Thirty exercises that move the eye from symbols to shapes.",
            "Art by Colette Brun, 176 pages, spiral bound."),
        SeedProduct(
            191, .books, "The Night Train to Trieste", 15_99, 160,
            "Seven strangers, one sleeping car, and a suitcase nobody claims.",
            "Mystery by Gianni Morpurgo, 304 pages, paperback."),
        SeedProduct(
            192, .books, "Winter Orchard", 14_50, 0,
            "Two sisters inherit an orchard and the debts that grow in it.",
            "Novel by Saskia Venter, 288 pages, paperback."),
        SeedProduct(
            193, .books, "Letters to a Young Cook", 18_00, 57,
            "Short, unsentimental advice from forty years in hot kitchens.",
            "Essays by Hubert Adeyemi, 160 pages, clothbound."),
        SeedProduct(
            194, .books, "Middlemarch, Clothbound Edition", 32_00, 45,
            "George Eliot's great novel in a sewn binding that opens flat.",
            "880 pages, ribbon marker, notes at the end."),
        SeedProduct(
            195, .books, "Walden, Pocket Edition", 12_00, 125,
            "Thoreau's year by the pond, small enough to take to one.",
            "320 pages, flexible cover, rounded corners."),
        SeedProduct(
            196, .books, "The Atlas of Quiet Places", 48_00, 18,
            "Eighty places where the loudest sound is weather, mapped and photographed.",
            "Large format, 224 pages, fold-out maps."),
        SeedProduct(
            197, .books, "Mountains for Children", 17_50, 96,
            "Why mountains grow, who lives on them, and how not to get lost.",
            "For ages 6 to 10, 64 pages, lift-the-flap."),
        SeedProduct(
            198, .books, "The Bear Who Could Not Nap", 11_99, 205,
            "A picture book about a bear, a woodpecker and the art of lying still.",
            "For ages 2 to 5, 32 pages, sturdy paper."),
        SeedProduct(
            199, .books, "Everyday Statistics", 26_00, 64,
            "Reads the news with a pencil and shows which numbers deserve belief.",
            "Mathematics by Noor Halabi, 272 pages, paperback."),
        SeedProduct(
            200, .books, "Mending: A Handbook", 23_00, 5,
            "Darn, patch and resole with photographs of every stitch.",
            "Craft by Elspeth Rowe, 208 pages, lies flat."),
    ]
}
