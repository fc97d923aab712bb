extension SeedCatalogue {
    /// Products 1 to 20: headphones, speakers and what makes or plays sound.
    static let audio: [SeedProduct] = [
        SeedProduct(
            1, .audio, "Halden Over-Ear Wireless Headphones", 199_00, 84,
            "Closed-back Bluetooth 5.3 headphones with active noise cancelling and memory-foam cushions.",
            "Plays 38 hours on a charge; ten minutes on the cable add five more."),
        SeedProduct(
            2, .audio, "Halden Studio Monitor Headphones", 149_00, 37,
            "Wired 40 mm headphones with a flat response for mixing and long editing sessions.",
            "Detachable 3 m coiled cable, 64 ohm, replaceable velour pads."),
        SeedProduct(
            3, .audio, "Kestrel True Wireless Earbuds", 89_99, 210,
            "Pea-sized earbuds with four microphones that keep calls clear in wind.",
            "Seven hours each, 28 with the case, IPX5 against sweat and rain."),
        SeedProduct(
            4, .audio, "Kestrel Sport Earbuds with Ear Hooks", 69_50, 132,
            "Soft titanium hooks hold these earbuds through sprints and burpees.",
            "IP67, nine hours of play, and an ambient mode that lets traffic through."),
        SeedProduct(
            5, .audio, "Norrvik Bookshelf Speakers, Pair", 329_00, 26,
            "Two-way passive speakers with a 130 mm woven cone and a silk dome tweeter.",
            "Oak veneer, 6 ohm, 48 Hz to 22 kHz, sold as a matched pair."),
        SeedProduct(
            6, .audio, "Norrvik Active Desktop Speakers", 179_00, 41,
            "Powered speakers with USB-C, optical and analogue inputs for a desk.",
            "2 x 30 W, tilted 8 degrees toward the ears, volume knob on the right speaker."),
        SeedProduct(
            7, .audio, "Tumble Portable Bluetooth Speaker", 59_90, 305,
            "A fabric-wrapped speaker the size of a drinks can with a carrying loop.",
            "Floats, survives dust and a 1 m drop, and plays for 16 hours."),
        SeedProduct(
            8, .audio, "Tumble Max Party Speaker", 249_00, 18,
            "A 100 W speaker with two 165 mm woofers and wheels for the garden.",
            "Two microphone inputs, 20 hours at half volume, charges a phone meanwhile."),
        SeedProduct(
            9, .audio, "Belt-Drive Turntable TT-2", 279_00, 22,
            "A two-speed turntable with a heavy acrylic platter and an adjustable counterweight.",
            "Fitted with a moving-magnet cartridge and a switchable phono preamplifier."),
        SeedProduct(
            10, .audio, "Moving-Magnet Cartridge MM-10", 74_00, 48,
            "An elliptical diamond stylus on an aluminium cantilever, for half-inch mounts.",
            "3.5 mV output, tracks at 2 g, replacement stylus available."),
        SeedProduct(
            11, .audio, "Carbon Fibre Record Brush", 14_95, 260,
            "Two rows of conductive bristles lift dust and drain static before each side.",
            "Folds into its own handle, which also cleans the bristles."),
        SeedProduct(
            12, .audio, "Podcast USB Microphone", 119_00, 67,
            "A cardioid condenser microphone with a gain dial and a mute button that lights.",
            "24-bit at 96 kHz over USB-C, headphone output without delay."),
        SeedProduct(
            13, .audio, "Dynamic Vocal Microphone", 99_00, 54,
            "A rugged handheld stage microphone with an internal shock mount.",
            "Supercardioid, steel grille, 5 m XLR cable and clip in the box."),
        SeedProduct(
            14, .audio, "Boom Arm with Cable Channel", 64_00, 90,
            "A spring-balanced arm that swings a microphone in and out without a squeak.",
            "Reach 82 cm, carries 1.1 kg, clamps to desks up to 55 mm thick."),
        SeedProduct(
            15, .audio, "Two-Channel Audio Interface", 139_00, 3,
            "Two clean preamplifiers with 58 dB of gain and phantom power for condensers.",
            "USB-C powered, direct monitoring, MIDI in and out."),
        SeedProduct(
            16, .audio, "Compact Soundbar with Subwoofer", 229_00, 33,
            "An 80 cm bar and a wireless subwoofer that make dialogue easy to follow.",
            "HDMI eARC, night mode, three speech levels on the remote."),
        SeedProduct(
            17, .audio, "Pocket DAC and Headphone Amplifier", 109_00, 0,
            "A thumb-sized converter that drives 300 ohm headphones from a phone.",
            "32-bit at 384 kHz, 3.5 mm and balanced 4.4 mm outputs."),
        SeedProduct(
            18, .audio, "Kitchen DAB and FM Radio", 84_50, 75,
            "A small oak radio with a dial that clicks through sixty presets.",
            "DAB+, FM and Bluetooth, egg timer, 15 hours on AA cells."),
        SeedProduct(
            19, .audio, "Children's Volume-Limited Headphones", 34_99, 188,
            "Folding headphones that never exceed 85 dB, with a socket to share music.",
            "For ages 3 to 12, washable cushions, stickers included."),
        SeedProduct(
            20, .audio, "Braided 3.5 mm Audio Cable, 2 m", 12_50, 420,
            "A shielded stereo cable with strain relief on both gold-plated plugs.",
            "Tested to 10,000 bends, fits through most phone cases."),
    ]
}
