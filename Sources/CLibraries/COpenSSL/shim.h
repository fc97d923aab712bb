#pragma once
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

// Macros over SSL_CTX_ctrl, SSL_ctrl and BIO_ctrl, which the importer does not see.

static inline long vitrine_ssl_ctx_set_min_version(SSL_CTX *context, long version) {
  return SSL_CTX_set_min_proto_version(context, version);
}

static inline long vitrine_ssl_ctx_set_mode(SSL_CTX *context, long mode) {
  return SSL_CTX_set_mode(context, mode);
}

static inline long vitrine_ssl_ctx_disable_session_cache(SSL_CTX *context) {
  return SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

static inline STACK_OF(X509) *vitrine_ssl_ctx_get0_chain(SSL_CTX *context) {
  STACK_OF(X509) *chain = NULL;
  SSL_CTX_get0_chain_certs(context, &chain);
  return chain;
}

static inline long vitrine_ssl_set_server_name(SSL *session, const char *name) {
  return SSL_set_tlsext_host_name(session, name);
}

static inline long vitrine_bio_pending(BIO *bio) {
  return (long)BIO_pending(bio);
}

// So are the functions of typed stacks.

static inline int vitrine_x509_count(const STACK_OF(X509) *chain) {
  return chain == NULL ? 0 : sk_X509_num(chain);
}

static inline X509 *vitrine_x509_at(const STACK_OF(X509) *chain, int index) {
  return sk_X509_value(chain, index);
}

static inline int vitrine_x509_object_count(X509_STORE *store) {
  return sk_X509_OBJECT_num(X509_STORE_get0_objects(store));
}

static inline X509_OBJECT *vitrine_x509_object_at(X509_STORE *store, int index) {
  return sk_X509_OBJECT_value(X509_STORE_get0_objects(store), index);
}

// SSL_OP_BIT is a macro with a parameter, so options made of it are not seen either.
static const uint64_t vitrine_ssl_op_no_renegotiation = SSL_OP_NO_RENEGOTIATION;
static const uint64_t vitrine_ssl_op_no_compression = SSL_OP_NO_COMPRESSION;
