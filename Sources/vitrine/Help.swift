/// What `--help` prints. The first line of each is its usage.
enum Help {
    static let overview = """
        vitrine: a shop you can see through.

        Usage: vitrine <command> [options]

          up                    start the whole platform on this machine
          serve <service>       run one service: gateway, user, product, cart, order or console
          migrate [service]     bring the services' databases up to date
          seed                  load the demonstration catalogue, and the lab's users
          chaos                 break the platform on purpose, and see that it holds
          doctor                check ports, folders, settings and what they point at
          load                  send made-up customers through the shop, and measure what they meet
          telemetry             print the reference of metrics, spans, attributes and log lines
          dashboards            write the dashboards, rules, runbooks and configurations
          healthcheck [url]     ask a health endpoint; exit status 0 when it is well

          --version             print the version
          --help                print this; vitrine <command> --help tells more

        Settings come from environment variables: .env.example lists them all.
        """

    static let command: [String: String] = [
        "up": """
        Usage: vitrine up [--data DIR] [--port-base N] [--instances product=N] [--no-seed] [--no-load] [--no-monitoring]
                  [--no-console]

        Starts gateway, user, product, cart and order as processes of their own, with SQLite files and
        logs under DIR, and Prometheus and Alertmanager beside them, waits until all are ready, and prints
        where they are. A process that dies is started again. Ctrl-C drains and stops them all; a second one stops at once.

          --data DIR       where files live (.vitrine)
          --port-base N    the gateway's port; the others follow it, admin ports are 1000 higher (8000)
          --instances product=N   several processes of the product service, 9 at most: 8002, 8012, 8022
                           and so on, over the one file, which SQLite locks between them. The other
                           services stay alone: they carry work that one process must see through.
          --no-seed        leave the databases as they are
          --no-load        no made-up customers; otherwise 'vitrine load --gentle' sends about two requests a second

          --no-monitoring  no Prometheus and no Alertmanager; nor where they are not installed
          --no-console     no console, and no export of telemetry unless the environment names a receiver

        While it runs, DIR/lab.json says what runs where, and names a listener (port 9007) at which 'vitrine
        chaos' holds, pauses and restarts processes, for ten minutes at most. An alert that begins or ends is
        printed, a line each.

        This is the lab: it creates admin@vitrine.dev and demo@vitrine.dev with well-known passwords
        and lifts the rate limits. Do not expose it.
        """,
        "serve": """
        Usage: vitrine serve <gateway|user|product|cart|order|console> [--lab] [--data DIR]

        Runs one service until SIGINT or SIGTERM, then drains it. The console takes telemetry over OTLP
        (port 4318) and shows it (port 8005).

          --lab    the lab's settings where the environment sets none: the token, folder and limits
                   that 'vitrine up' uses
          --data DIR   for the console: the folder of the lab whose experiments it can run
        """,
        "migrate": """
        Usage: vitrine migrate [user|product|cart|order] [--lab]

        Applies the migrations that are missing, of one service or of all. A database that is newer than
        the program, or whose past migrations differ, is refused.
        """,
        "seed": """
        Usage: vitrine seed [products|users] [--lab]

        Loads the demonstration catalogue into the product database; or, when asked for users, creates
        admin@vitrine.dev and demo@vitrine.dev, whose passwords are known to everybody, in the users'. A second
        run changes nothing.

          --lab    both, with the lab's settings
        """,
        "load": """
        Usage: vitrine load [--url URL] [--rate N] [--duration D] [options]

        Sends made-up customers through the shop: they browse, search, fill carts, check out and look at
        orders. Journeys begin at their rate whether the shop keeps up or not, and the latency of a request
        counts from when it was to start. Ctrl-C ends the run and still reports; a second one ends at once.

          --url URL            the gateway (http://127.0.0.1:8000)
          --rate N             journeys a second, of three to four requests each (20)
          --ramp A:B:D         from A to B journeys a second within D, then B: 10:200:60s
          --burst FxD/P        F times the rate for the last D of every P: 5x2s/20s
          --wave S/P           the rate swings by the share S of itself once in P: 0.5/120s
          --arrivals KIND      poisson or uniform (poisson)
          --duration D         90s, 10m, 1h or forever (60s)
          --seed N             decides arrivals, journeys, products and pauses (1)
          --customers N        accounts, registered on their first journey, on one at a time each (50)
          --journeys W         weights (browse=60,search=15,cart=10,checkout=10,orders=5)
          --think X            factor on the pauses between steps: 1 is a second or so, 0 none (1)
          --timeout D          from the intended start to the end of the answer (10s)
          --in-flight N        journeys at once; one more is dropped and counted (2000)
          --connections N      to the gateway (128)
          --baggage K=V,…      added to what marks the traffic as a test
          --restock E:P        email and password of an admin, who fills up what is sold out
          --fail-above P       exit status 1 when more than P percent of the requests fail
          --json FILE          the report as JSON too; - for standard output, and nothing else there
          --metrics-port PORT  /metrics and /health at this port while the run lasts (none)
          --metrics-host ADDR  the numeric address of that port (127.0.0.1)
          --quiet              no progress; with --json FILE no report either
          --gentle             what 'vitrine up' runs: two requests a second in waves, until it is ended

        Exit status 1 also when no request succeeds, 2 when the metrics port is taken. Refusals that belong to trade, such as a product that is
        sold out, are counted and are no errors. Each failure is reported with a trace id.
        """,
        "doctor": """
        Usage: vitrine doctor [--port-base N] [--lab]
               vitrine doctor --env-file FILE [--role NAME]

        Checks what usually goes wrong, one line each, and says how to mend it. Exit status 1 when
        something is wrong.

          --env-file FILE  check the settings in a file of NAME=value lines and nothing else: whether each is
                           known, and its value taken
          --role NAME      for that role alone: gateway, user, product, cart, order or console (all)
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
          --monitoring         with --lab: Prometheus and Alertmanager beside it
          --data DIR           the folder of the running lab (.vitrine)
          --target lab|urls    what to run against: a lab, or services by their addresses (lab)
          --url URL            with --target urls: the gateway (http://127.0.0.1:8000)
          --admin-host HOST    with --target urls: where the admin ports are, 9000 and on (127.0.0.1); {service} stands
                               for each service's own name, as hosts are called in compose
          --report DIR         where reports go, a folder each (DIR of --data, then chaos)
          --experiments DIR    where the experiments are (chaos/experiments)
          --alerts             with the experiments that speak of alerts: the lab runs Prometheus and Alertmanager, and
                               the alerts that must fire, and no others, are part of the verdict; a lab for each
          --matrix FILE        writes faults against alerts, with times, as a page
        """,
        "telemetry": """
        Usage: vitrine telemetry

        Prints docs/telemetry.md: every metric, attribute, span and log line of the platform and who emits
        it. The services are built over an empty folder and asked; nothing listens, and settings of the
        environment play no part.
        """,
        "exec": """
        Usage: vitrine exec <program> [arguments]

        Becomes another program, given by its path, that ends with its parent: how 'vitrine up' starts
        Prometheus and Alertmanager.
        """,
        "dashboards": """
        Usage: vitrine dashboards [--output DIR] [--check]

        Writes the files that are made from what is declared: dashboards, recording rules, alerts and their
        tests, runbooks, and the configurations below otel/. Prints what has changed, and removes what is made
        no more. Without --output it must be run from the repository's root.

          --output DIR     the folder they are written below (.)
          --check          write nothing; exit status 1 when a file differs, is missing or is stale
        """,
        "healthcheck": """
        Usage: vitrine healthcheck [url|role] [--timeout SECONDS]

        Asks a URL such as http://127.0.0.1:9000/health/ready, or whether a role on this machine is ready, at
        VITRINE_ADMIN_PORT or its default port; without either, the role that is process 1, as in a container.
        Exit status 0 when the answer is 200.
        """,
    ]
}
