// The yardstick's client: gRPC's C++, asynchronous, one completion queue and one thread; prints what bench-calls prints.
// usage: echo_client PORT SECONDS CONNECTIONS CALLS-ON-EACH TOKEN
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "bench/v1/echo.grpc.pb.h"

namespace {

using Clock = std::chrono::steady_clock;

struct Run {
  grpc::CompletionQueue queue;
  std::string token;
  Clock::time_point end;
  std::vector<long> nanoseconds;
  long failures = 0;
  int inProgress = 0;
};

class Caller {
 public:
  Caller(Run* run, bench::v1::Echo::Stub* stub) : run_(run), stub_(stub) {
    message_.set_payload(std::string(32, 'a'));
  }

  void Start() {
    start_ = Clock::now();
    if (start_ >= run_->end) return;
    run_->inProgress++;
    context_ = std::make_unique<grpc::ClientContext>();
    context_->AddMetadata("x-internal-token", run_->token);
    context_->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    reader_ = stub_->AsyncSay(context_.get(), message_, &run_->queue);
    reader_->Finish(&answer_, &status_, this);
  }

  void Finished() {
    run_->inProgress--;
    if (!status_.ok() || answer_.payload() != message_.payload()) run_->failures++;
    run_->nanoseconds.push_back(std::chrono::nanoseconds(Clock::now() - start_).count());
    Start();
  }

 private:
  Run* run_;
  bench::v1::Echo::Stub* stub_;
  Clock::time_point start_;
  std::unique_ptr<grpc::ClientContext> context_;
  bench::v1::Message message_, answer_;
  grpc::Status status_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<bench::v1::Message>> reader_;
};

void Perform(Run* run, std::vector<std::unique_ptr<Caller>>& callers, Clock::duration time) {
  run->nanoseconds.clear();
  run->failures = 0;
  run->end = Clock::now() + time;
  for (auto& caller : callers) caller->Start();
  void* tag;
  bool ok;
  while (run->inProgress > 0 && run->queue.Next(&tag, &ok)) static_cast<Caller*>(tag)->Finished();
}

long ProcessorMicroseconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  Run run;
  run.token = argv[5];
  std::vector<std::unique_ptr<bench::v1::Echo::Stub>> stubs;
  std::vector<std::unique_ptr<Caller>> callers;
  for (int i = 0; i < std::atoi(argv[3]); i++) {
    grpc::ChannelArguments arguments;
    // A connection of its own for each channel.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    auto channel = grpc::CreateCustomChannel(
        std::string("127.0.0.1:") + argv[1], grpc::InsecureChannelCredentials(), arguments);
    stubs.push_back(bench::v1::Echo::NewStub(channel));
    for (int j = 0; j < std::atoi(argv[4]); j++) callers.push_back(std::make_unique<Caller>(&run, stubs.back().get()));
  }
  Perform(&run, callers, std::chrono::milliseconds(300));
  auto start = Clock::now();
  long before = ProcessorMicroseconds();
  Perform(&run, callers, std::chrono::seconds(std::atoi(argv[2])));
  long used = ProcessorMicroseconds() - before;
  long elapsed = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count();
  std::sort(run.nanoseconds.begin(), run.nanoseconds.end());
  size_t count = run.nanoseconds.size();
  auto at = [&](double share) { return count ? run.nanoseconds[std::min(count - 1, size_t(count * share))] / 1000 : 0; };
  std::printf("SUMMARY %zu %ld %ld %ld %ld %ld\n", count, elapsed, run.failures, used, at(0.5), at(0.99));
}
