import BenchmarkServer
import Glibc

exit(await BenchmarkServer.main())
