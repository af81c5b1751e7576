package io.syncline.verify.etcd;

import java.util.Random;

/**
 * How a call goes to the stores.
 *
 * @param http through the gateway; over gRPC otherwise
 * @param camelCase whether names of fields in JSON are {@code likeThis}
 * @param bareNumbers whether 64-bit numbers in JSON are numbers, not text
 * @param enumNumbers whether enums in JSON are numbers, not names
 * @param path which of the gateway's paths for this call
 * @param beta whether the path begins with {@code /v3beta}
 * @param user by whose token; none if empty
 */
record Way(
    boolean http,
    boolean camelCase,
    boolean bareNumbers,
    boolean enumNumbers,
    int path,
    boolean beta,
    String user) {
  static final Way GRPC = new Way(false, false, false, false, 0, false, "");

  static Way any(Random random) {
    return new Way(
        random.nextBoolean(),
        random.nextInt(4) == 0,
        random.nextInt(4) == 0,
        random.nextInt(4) == 0,
        random.nextInt(2),
        random.nextInt(8) == 0,
        "");
  }

  Way as(String name) {
    return new Way(http, camelCase, bareNumbers, enumNumbers, path, beta, name);
  }

  String url(Method method) {
    return prefix() + method.paths().get(path % method.paths().size());
  }

  String prefix() {
    return beta ? "/v3beta/" : "/v3/";
  }

  @Override
  public String toString() {
    String by = user.isEmpty() ? "" : " by the token of " + user;
    return (http ? prefix() : "gRPC") + by;
  }
}
