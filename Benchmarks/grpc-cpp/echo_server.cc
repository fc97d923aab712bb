// The yardstick's server: gRPC's C++, asynchronous, one completion queue and one thread. usage: echo_server PORT
#include <csignal>
#include <memory>
#include <string>

#include <grpcpp/grpcpp.h>

#include "bench/v1/echo.grpc.pb.h"

namespace {

class Call {
 public:
  Call(bench::v1::Echo::AsyncService* service, grpc::ServerCompletionQueue* queue)
      : service_(service), queue_(queue), answer_(&context_) {
    service_->RequestSay(&context_, &message_, &answer_, queue_, queue_, this);
  }

  // What the queue said of it has happened.
  void Proceed(bool ok) {
    if (answered_ || !ok) {
      delete this;
      return;
    }
    new Call(service_, queue_);
    answered_ = true;
    answer_.Finish(message_, grpc::Status::OK, this);
  }

 private:
  bench::v1::Echo::AsyncService* service_;
  grpc::ServerCompletionQueue* queue_;
  grpc::ServerContext context_;
  bench::v1::Message message_;
  grpc::ServerAsyncResponseWriter<bench::v1::Message> answer_;
  bool answered_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(std::string("127.0.0.1:") + argv[1], grpc::InsecureServerCredentials());
  bench::v1::Echo::AsyncService service;
  builder.RegisterService(&service);
  auto queue = builder.AddCompletionQueue();
  auto server = builder.BuildAndStart();
  if (!server) return 1;
  // As many calls as are in progress find one waiting.
  for (int i = 0; i < 128; i++) new Call(&service, queue.get());
  std::signal(SIGTERM, [](int) { std::_Exit(0); });
  void* tag;
  bool ok;
  while (queue->Next(&tag, &ok)) static_cast<Call*>(tag)->Proceed(ok);
}
