/// What `--help` prints. The first line of each is its usage.
enum Help {
    static let overview = """
        vitrine: a shop you can see through.

        Usage: vitrine <command> [options]

          up                    start the whole platform on this machine
          serve <service>       run one service: gateway, user, product, cart or order
          migrate [service]     bring the services' databases up to date
          seed                  load the demonstration catalogue, and the lab's users
          chaos                 break the platform on purpose, and see that it holds
          doctor                check ports, folders, settings and what they point at
          telemetry             print the reference of metrics, spans, attributes and log lines
          healthcheck <url>     ask a health endpoint; exit status 0 when it is well

          --version             print the version
          --help                print this; vitrine <command> --help tells more

        Settings come from environment variables: .env.example lists them all.
        """

    static let command: [String: String] = [
        "up": """
        Usage: vitrine up [--data DIR] [--port-base N] [--instances product=N] [--no-seed]

        Starts gateway, user, product, cart and order as processes of their own, with SQLite files and
        logs under DIR, waits until all are ready, and prints where they are. A process that dies is
        started again. Ctrl-C drains and stops them all; a second one stops at once.

          --data DIR       where files live (.vitrine)
          --port-base N    the gateway's port; the others follow it, admin ports are 1000 higher (8000)
          --instances product=N   several processes of the product service, 9 at most: 8002, 8012, 8022
                           and so on, over the one file, which SQLite locks between them. The other
                           services stay alone: they carry work that one process must see through.
          --no-seed        leave the databases as they are

        While it runs, DIR/lab.json says what runs where, and names a listener at which 'vitrine chaos'
        holds, pauses and restarts processes, for ten minutes at most.

        This is the lab: it creates admin@vitrine.dev and demo@vitrine.dev with well-known passwords
        and lifts the rate limits. Do not expose it.
        """,
        "serve": """
        Usage: vitrine serve <gateway|user|product|cart|order> [--lab]

        Runs one service until SIGINT or SIGTERM, then drains it.

          --lab    the lab's settings where the environment sets none: the token, folder and limits
                   that 'vitrine up' uses
        """,
        "migrate": """
        Usage: vitrine migrate [user|product|cart|order] [--lab]

        Applies the migrations that are missing, of one service or of all. A database that is newer than
        the program, or whose past migrations differ, is refused.
        """,
        "seed": """
        Usage: vitrine seed [--lab]

        Loads the demonstration catalogue into the product database. A second run changes nothing.

          --lab    also create the users admin@vitrine.dev and demo@vitrine.dev
        """,
        "doctor": """
        Usage: vitrine doctor [--port-base N] [--lab]

        Checks what usually goes wrong, one line each, and says how to mend it. Exit status 1 when
        something is wrong.
        """,
        "chaos": """
        Usage: vitrine chaos <list | run NAME... | run all | clear> [options]

        Runs experiments: waits for the steady state under load, breaks something, mends it, waits for the
        steady state to come back, and judges what was seen. Exit status 0 passed, 1 failed or interrupted,
        2 could not be run. Whatever it breaks is mended when it ends, also by Ctrl-C, and mends itself
        soon after when it is killed.

          list                 the experiments there are
          run NAME...          run these, or all; a path to a file will do for a name
          clear                clear faults, holds and forced breakers, whoever made them

          --lab                start a lab of its own for the run, in a temporary folder, and end it
          --data DIR           the folder of the running lab (.vitrine)
          --target lab|urls    what to run against: a lab, or services by their addresses (lab)
          --url URL            with --target urls: the gateway (http://127.0.0.1:8000)
          --admin-host HOST    with --target urls: where the admin ports are, 9000 and on (127.0.0.1)
          --report DIR         where reports go, a folder each (DIR of --data, then chaos)
          --experiments DIR    where the experiments are (chaos/experiments)
        """,
        "telemetry": """
        Usage: vitrine telemetry

        Prints docs/telemetry.md: every metric, attribute, span and log line of the platform and who emits
        it. The services are built over an empty folder and asked; nothing listens, and settings of the
        environment play no part.
        """,
        "healthcheck": """
        Usage: vitrine healthcheck <url> [--timeout SECONDS]

        Asks a URL such as http://127.0.0.1:9000/health/ready. Exit status 0 when the answer is 200.
        """,
    ]
}
