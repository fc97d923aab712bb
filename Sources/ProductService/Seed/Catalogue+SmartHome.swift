extension SeedCatalogue {
    /// Products 41 to 60: sensors, bulbs and locks.
    static let smartHome: [SeedProduct] = [
        SeedProduct(
            41, .smartHome, "Hearth Smart Thermostat", 149_00, 52,
            "Learns when the house warms and shows what each degree costs.",
            "Works with most 24 V and OpenTherm boilers, Matter ready, no subscription."),
        SeedProduct(
            42, .smartHome, "Hearth Radiator Valve, Three Pack", 129_00, 78,
            "Sets the temperature room by room and closes when a window opens.",
            "Two AA cells last two winters, M30 x 1.5 with six adapters."),
        SeedProduct(
            43, .smartHome, "Lumen Smart Bulb E27, Four Pack", 39_99, 340,
            "Tunable white bulbs from candle warm to daylight.",
            "806 lumens, 9 W, Matter over Thread, dims to one percent."),
        SeedProduct(
            44, .smartHome, "Lumen Colour Bulb E27", 17_50, 415,
            "Sixteen million colours and a proper warm white in one bulb.",
            "1,050 lumens, remembers its last setting after a power cut."),
        SeedProduct(
            45, .smartHome, "Lumen Light Strip, 5 m", 54_00, 97,
            "A dotless light strip that bends around corners and cuts every 5 cm.",
            "1,600 lumens, adhesive and clips, extendable to 10 m."),
        SeedProduct(
            46, .smartHome, "Smart Plug with Energy Meter", 18_90, 520,
            "Switches up to 16 A and reads consumption to the tenth of a watt.",
            "Local control without a cloud, child lock, 52 mm round."),
        SeedProduct(
            47, .smartHome, "Motion and Light Sensor", 24_00, 205,
            "Tells a person from a draught and dims with the daylight.",
            "120 degree view, 7 m range, coin cell lasts three years."),
        SeedProduct(
            48, .smartHome, "Door and Window Sensor, Two Pack", 29_50, 188,
            "A thin magnet pair that reports an opened window before you leave.",
            "9 mm deep, adhesive mount, tamper warning."),
        SeedProduct(
            49, .smartHome, "Water Leak Sensor", 21_00, 260,
            "Sits under the washing machine and shouts when its feet get wet.",
            "95 dB siren, freezing warning below 3 °C, IP67."),
        SeedProduct(
            50, .smartHome, "Smoke and Carbon Monoxide Alarm", 69_00, 143,
            "Ten-year sealed alarm that names the room when it sounds.",
            "Photoelectric and electrochemical cells, 85 dB, weekly self-test."),
        SeedProduct(
            51, .smartHome, "Video Doorbell, Wired", 139_00, 36,
            "A head-to-toe view of the doorstep recorded in the house, not elsewhere.",
            "1536 x 1536 pixels, 32 GB inside, uses existing chime wires."),
        SeedProduct(
            52, .smartHome, "Indoor Camera with Lens Cover", 59_00, 81,
            "A camera whose motor closes the lens whenever someone is at home.",
            "2K, night vision to 8 m, microSD slot up to 256 GB."),
        SeedProduct(
            53, .smartHome, "Smart Lock for Euro Cylinders", 189_00, 17,
            "Turns the key you already have from the inside; nothing shows outside.",
            "Opens by code, phone or key, six months on four AA cells."),
        SeedProduct(
            54, .smartHome, "Keypad for Smart Lock", 59_00, 44,
            "A backlit keypad with room for a hundred codes, some good for one afternoon.",
            "Wireless, weatherproof to IP65, two AAA cells."),
        SeedProduct(
            55, .smartHome, "Room Climate Sensor with Display", 34_00, 152,
            "Shows temperature, humidity and carbon dioxide on an e-paper face.",
            "Accurate to 0.3 °C and 50 ppm, a year on one charge."),
        SeedProduct(
            56, .smartHome, "Robot Vacuum R4", 349_00, 2,
            "Maps the flat by laser, avoids socks, and empties nowhere but its own bin.",
            "4,000 Pa, 150 minutes, 96 mm high, no-go zones."),
        SeedProduct(
            57, .smartHome, "Robot Vacuum Filter Set", 22_00, 190,
            "Three washable filters, two side brushes and a main roller for the R4.",
            "Enough for a year of daily runs."),
        SeedProduct(
            58, .smartHome, "Smart Home Hub, Thread and Zigbee", 99_00, 61,
            "Joins devices of both radio families and keeps automations running offline.",
            "Ethernet and Wi-Fi, 200 devices, local backup to USB."),
        SeedProduct(
            59, .smartHome, "Scene Button, Four Keys", 32_00, 0,
            "Four engraved keys call four scenes, or twelve with double and long press.",
            "Magnetic wall plate, works as a remote, coin cell included."),
        SeedProduct(
            60, .smartHome, "Plant Moisture Sensor, Two Pack", 27_90, 118,
            "A ceramic probe that knows a cactus from a fern.",
            "Moisture, light and temperature, replaceable cell, rustproof."),
    ]
}
