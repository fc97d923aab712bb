extension SeedCatalogue {
    /// Products 21 to 40: what surrounds a computer.
    static let computing: [SeedProduct] = [
        SeedProduct(
            21, .computing, "Tern 75 Mechanical Keyboard", 129_00, 95,
            "A 75 percent hot-swappable keyboard with gasket-mounted plate and PBT keycaps.",
            "USB-C, Bluetooth to three devices, tactile switches, 820 g."),
        SeedProduct(
            22, .computing, "Tern Low-Profile Wireless Keyboard", 94_00, 112,
            "A slim aluminium keyboard with scissor keys and white backlight.",
            "Pairs with three devices and runs four months on a charge."),
        SeedProduct(
            23, .computing, "Ergonomic Split Keyboard", 219_00, 14,
            "Two halves with adjustable tenting let your shoulders stay open while typing.",
            "Columnar layout, programmable in the browser, bridge cable 60 cm."),
        SeedProduct(
            24, .computing, "Vertical Ergonomic Mouse", 54_90, 140,
            "A 57 degree grip keeps the forearm untwisted through a working day.",
            "4,000 dpi, six silent buttons, USB-C charging."),
        SeedProduct(
            25, .computing, "Trackball Mouse with Scroll Ring", 69_00, 58,
            "A 44 mm thumb-free ball that stays put on a crowded desk.",
            "Removable for cleaning, 1,600 dpi, works left- and right-handed."),
        SeedProduct(
            26, .computing, "Felt and Cork Desk Mat", 39_00, 175,
            "Wool felt over natural cork protects the desk and quiets the keyboard.",
            "90 x 40 cm, 4 mm thick, wipes clean."),
        SeedProduct(
            27, .computing, "27-Inch 4K USB-C Monitor", 429_00, 29,
            "An IPS panel that charges a laptop with 90 W through the cable that carries its picture.",
            "99 percent sRGB, height, tilt and pivot, three-port hub."),
        SeedProduct(
            28, .computing, "34-Inch Ultrawide Curved Monitor", 549_00, 11,
            "A 3440 x 1440 curved panel replaces two screens and the gap between them.",
            "100 Hz, 1500R, picture-by-picture for two computers."),
        SeedProduct(
            29, .computing, "Portable 15.6-Inch Monitor", 189_00, 47,
            "A 700 g second screen that needs a single USB-C cable.",
            "1080p IPS, cover folds into a stand, mini HDMI as well."),
        SeedProduct(
            30, .computing, "Aluminium Laptop Stand", 44_00, 230,
            "Lifts a 10 to 17 inch laptop so that the screen meets your eyes.",
            "Folds flat to 12 mm, silicone pads, holds 8 kg."),
        SeedProduct(
            31, .computing, "Nine-Port USB-C Dock", 159_00, 63,
            "One cable connects two displays, Ethernet, card readers and power.",
            "Two HDMI 2.0, gigabit Ethernet, 85 W pass-through charging."),
        SeedProduct(
            32, .computing, "USB-C to Ethernet Adapter", 24_90, 310,
            "A 2.5 gigabit wired connection for laptops that lost their socket.",
            "Works without drivers on Linux, macOS and Windows."),
        SeedProduct(
            33, .computing, "Portable SSD 1 TB", 98_00, 164,
            "A solid-state drive the size of a matchbox with a rubber sleeve.",
            "1,050 MB/s, hardware encryption, survives a 2 m drop."),
        SeedProduct(
            34, .computing, "Portable SSD 4 TB", 289_00, 31,
            "Four terabytes for photo libraries and virtual machines on the move.",
            "2,000 MB/s over USB 3.2 Gen 2x2, aluminium body."),
        SeedProduct(
            35, .computing, "1080p Webcam with Privacy Shutter", 62_00, 128,
            "A glass-lensed webcam that handles a window behind you.",
            "Two microphones, 78 degree view, sliding shutter, 1.8 m cable."),
        SeedProduct(
            36, .computing, "65 W Dual USB-C Charger", 42_50, 275,
            "A gallium-nitride charger that powers a laptop and a phone at once.",
            "Folding pins, 98 g, with adapters for EU and UK sockets."),
        SeedProduct(
            37, .computing, "Braided USB-C Cable, 240 W, 2 m", 19_00, 530,
            "Charges the hungriest laptop and still coils small.",
            "Marked with its rating, 240 W, USB 2.0 data."),
        SeedProduct(
            38, .computing, "Mesh Wi-Fi 6 Router, Two Pack", 219_00, 24,
            "Two units cover 280 square metres and hand devices over without a drop.",
            "AX3000, two gigabit ports each, guest network, no account needed."),
        SeedProduct(
            39, .computing, "Single-Board Computer Kit 8 GB", 124_00, 5,
            "A quad-core ARM board with case, power supply and a fan that rarely runs.",
            "8 GB of memory, two 4K outputs, 64 GB card included."),
        SeedProduct(
            40, .computing, "Laptop Sleeve, Recycled Wool, 14 Inch", 36_00, 0,
            "A snug sleeve woven from recycled wool with a magnetic flap.",
            "Fits 32 x 23 cm, inner pocket for a charger."),
    ]
}
