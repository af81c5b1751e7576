package io.syncline.verify.etcd.etcdctl;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.syncline.bench.process.FreePorts;
import io.syncline.verify.etcd.cluster.Cluster;
import io.syncline.verify.etcd.etcdctl.Etcdctl.Running;
import java.util.Base64;
import org.awaitility.Awaitility;

/**
 * Every command of etcdctl that a cluster answers, with its flags and formats. The commands are the
 * same at each cluster, and so are the revisions they lead to.
 */
final class Walk {
  private static final String LEASE = "lease ([0-9a-f]+) granted";
  private static final String[] ROOT = {"--user", "root:of root"};
  private static final String[] ALICE = {"--user", "alice:of alice"};

  private final Walker walker;

  private Walk(Walker walker) {
    this.walker = walker;
  }

  static void by(Walker walker) {
    var walk = new Walk(walker);
    walk.keys();
    walk.transactions();
    walk.watches();
    walk.compaction();
    walk.leases();
    walk.locksAndElections();
    walk.endpoints();
    walk.maintenance();
    walk.mirror();
    walk.members();
    walk.usersAndRoles();
    walk.auth();
  }

  private void keys() {
    walker.say("version");
    walker.say("put", "a", "1");
    walker.say("put", "a", "2", "--prev-kv");
    walker.say("put", "a", "3", "--prev-kv", "-w", "json");
    walker.say("put", "a", "4", "--prev-kv", "-w", "fields");
    walker.say("put", "a", "5", "-w", "table");
    walker.say("put", "a", "6", "-w", "xml");
    walker.sayTo("from standard input", "put", "b");
    walker.say("put", "c", "--", "-1");
    walker.say("put", "d", "");
    walker.say("put", "a", "--ignore-value");
    walker.say("put", "missing", "--ignore-value");
    walker.say("put", "a", "7", "--ignore-lease");
    walker.say("put", "a", "1", "--lease=1234567");
    walker.say("put", "", "1");
    walker.say("put", "a");

    walker.sayOrderedInEveryFormat("get", "a");
    walker.sayOrderedInEveryFormat("get", "missing");
    walker.sayOrderedInEveryFormat("get", "", "--prefix", "--keys-only");
    walker.say("get", "a", "c");
    walker.say("get", "a", "c", "--limit=1", "-w", "json");
    walker.say("get", "b", "--from-key");
    walker.say("get", "c", "a");
    walker.say("get", "", "--from-key", "--print-value-only");
    walker.say("get", "a", "--hex");
    walker.say("get", "a", "--consistency=s");
    walker.say("get", "a", "--consistency=x");
    walker.say("get", "", "--prefix", "--order=DESCEND");
    for (String target : new String[] {"CREATE", "KEY", "MODIFY", "VALUE", "VERSION"}) {
      walker.say("get", "", "--prefix", "--sort-by=" + target, "--order=ASCEND", "--limit=3");
      walker.say("get", "", "--prefix", "--sort-by=" + target);
    }
    walker.say("get", "", "--prefix", "--sort-by=SIZE");
    walker.say("get", "a", "--rev=2");
    walker.say("get", "a", "--rev=100000");
    walker.say("get", "");

    walker.say("put", "del/a", "1");
    walker.say("put", "del/b", "2");
    walker.say("put", "del/c", "3");
    walker.say("put", "del/d", "4");
    walker.say("put", "del/e", "5");
    walker.say("del", "del/missing");
    walker.say("del", "del/a", "--prev-kv");
    walker.say("del", "del/b", "--prev-kv", "-w", "json");
    walker.say("del", "del/c", "--prev-kv", "-w", "fields");
    walker.say("del", "del/c", "del/e");
    walker.say("del", "del/", "--prefix");
    walker.say("del", "zzz", "--from-key", "-w", "table");
    walker.say("del", "");
  }

  private void transactions() {
    String input = """
        value("a") = "7"
        version("missing") = "0"
        mod("a") > "1"
        create("a") < "100000"

        put txn/a "1 2"
        get a
        del b

        get b

        """;
    walker.sayTo(input, "txn");
    walker.sayTo(input, "txn", "-w", "json");
    walker.sayTo(input, "txn", "-w", "fields");
    walker.sayTo(input, "txn", "-w", "table");
    walker.sayTo("value(\"a\") = \"other\"\n\nput a 1\n\nget a\ndel txn/a --prev-kv\n\n", "txn");
    walker.sayTo("\nput twice 1\nput twice 2\n\n\n", "txn");
    walker.sayTo("size(\"a\") = \"1\"\n\nput a 1\n\n\n", "txn");
    walker.sayTo("\n\n\n", "txn", "-i");
  }

  private void watches() {
    long from = walker.revision() + 1;
    String since = "--rev=" + from;
    walker.say("put", "watch/a", "1");
    walker.say("put", "watch/a", "2");
    walker.say("put", "watch/b", "3");
    walker.say("del", "watch/a");
    walker.say("put", "watch/end", "end");
    String encoded = Base64.getEncoder().encodeToString("end".getBytes(UTF_8));

    watch("watch/end\nend\n", "watch", "watch/", "--prefix", since);
    watch("watch/end\nend\n", "watch", "watch/", "--prefix", since, "--prev-kv");
    watch("DELETE\nwatch/a\n", "watch", "watch/a", since);
    watch("watch/b\n3\n", "watch", "watch/a", "watch/c", since);
    watch(encoded, "watch", "watch/", "--prefix", since, "--prev-kv", "-w", "json");
    watch(
        "\"Value\" : \"end\"\n\"Lease\" : 0\n",
        "watch",
        "watch/",
        "--prefix",
        since,
        "--prev-kv",
        "-w",
        "fields");
    walker.say("watch", "watch/a", since, "-w", "table");
    watch(
        "ETCD_WATCH_VALUE=\"end\"",
        "watch",
        "watch/end",
        since,
        "--",
        "sh",
        "-c",
        "env | grep ^ETCD_WATCH | sort");
    watch("DELETE\nwatch/a\n", "watch", "-i", "watch watch/a " + since + "\nprogress\nwrong\n");
    walker.say("watch");
  }

  /** The last argument of an interactive watch is what is typed into it. */
  private void watch(String last, String... arguments) {
    Running watch;
    if (arguments[1].equals("-i")) {
      watch = walker.start("watch", "-i").type(arguments[2]).awaitOutput("progress");
    } else {
      watch = walker.start(arguments);
    }
    walker.stop(watch.awaitOutput(last));
  }

  private void compaction() {
    long head = walker.revision();
    walker.say("compaction", Long.toString(head - 1));
    walker.say("compaction", Long.toString(head), "--physical", "-w", "json");
    walker.say("compaction", Long.toString(head));
    walker.say("compaction", "100000");
    walker.say("compaction", "x");
    walker.say("get", "a", "--rev=3");
    walker.say("get", "watch/end", "--rev=" + head);
    walker.say("watch", "a", "--rev=2");
  }

  private void leases() {
    walker.say("lease", "list");
    String lease = grant("lease 1");
    walker.say("put", "leased/a", "1", "--lease=" + lease);
    // Of several keys etcd tells in any order.
    walker.sayOrderedInEveryFormat("lease", "timetolive", lease, "--keys");
    walker.say("put", "leased/b", "2", "--lease=" + lease);
    walker.say("put", "leased/a", "3", "--ignore-lease");
    walker.sayOrderedInEveryFormat("get", "leased/", "--prefix");
    walker.sayOrderedInEveryFormat("lease", "timetolive", lease);
    walker.sayOrderedInEveryFormat("lease", "list");
    walker.say("lease", "keep-alive", lease, "--once");
    walker.say("lease", "keep-alive", lease, "--once", "-w", "json");
    walker.say("lease", "keep-alive", lease, "--once", "-w", "fields");
    walker.stop(walker.start("lease", "keep-alive", lease).awaitOutput("TTL(600)\n"));
    walker.say("lease", "revoke", lease);
    walker.say("lease", "revoke", lease);
    walker.say("get", "leased/", "--prefix");
    walker.sayOrderedInEveryFormat("lease", "timetolive", lease);
    walker.say("lease", "keep-alive", lease, "--once");
    walker.say("lease", "keep-alive", lease);
    walker.say("lease", "revoke", grant("lease 2"), "-w", "json");
    walker.say("lease", "revoke", grant("lease 3"), "-w", "fields");
    walker.sayOrderedInEveryFormat("lease", "grant", "600");
    walker.say("lease", "grant", "9000000001");
    walker.say("lease", "grant", "x");
  }

  private String grant(String name) {
    String lease = Walker.found(LEASE, walker.quietly("lease", "grant", "600").out());
    if (!lease.equals("-1")) {
      walker.nameLease(lease, name);
    }
    return lease;
  }

  private void locksAndElections() {
    walker.say("lock", "walk-lock", "--", "sh", "-c", "env | grep ^ETCD_LOCK | sort");
    walker.say("lock", "walk-lock", "--ttl=30", "false");
    walker.stop(walker.start("lock", "walk-lock").awaitOutput("walk-lock/"));
    walker.stop(walker.start("lock", "walk-lock", "-w", "fields").awaitOutput("\"Count\""));

    Running leads = walker.start("elect", "walk-elect", "one").awaitOutput("one\n");
    Running observer = walker.start("elect", "walk-elect", "-l").awaitOutput("one\n");
    Running next = walker.start("elect", "walk-elect", "two");
    walker.stop(leads);
    next.awaitOutput("two\n");
    observer.awaitOutput("two\n");
    walker.stop(observer);
    walker.stop(next);
    walker.say("elect", "walk-elect");
  }

  private void endpoints() {
    walker.sayUnordered("endpoint", "health");
    walker.sayUnordered("endpoint", "health", "--cluster");
    walker.sayInEveryFormat("endpoint", "health", walker.at("m1"));
    walker.sayOrderedInEveryFormat("endpoint", "status");
    walker.sayInEveryFormat("endpoint", "status", "--cluster");
    walker.sayOrderedInEveryFormat("endpoint", "hashkv");
    walker.sayInEveryFormat("endpoint", "hashkv", "--cluster");
    walker.say("endpoint", "hashkv", "--rev=" + walker.revision());
    walker.say("endpoint", "hashkv", "--rev=2", walker.at("m1"));
    walker.say("endpoint", "hashkv", "--rev=100000", walker.at("m1"));
  }

  private void maintenance() {
    walker.sayOrderedInEveryFormat("alarm", "list");
    walker.sayOrderedInEveryFormat("alarm", "disarm");
    walker.sayUnordered("defrag");
    walker.sayUnordered("defrag", "--cluster");
    String snapshot = walker.folder().resolve("snapshot.db").toString();
    walker.say("snapshot", "save", snapshot, walker.at("m1"));
    walker.say("snapshot", "save", snapshot);
    walker.sayOrderedInEveryFormat("snapshot", "status", snapshot);
    walker.say(
        "snapshot",
        "restore",
        snapshot,
        "--data-dir=" + walker.folder().resolve("restored"),
        "--name=r1",
        "--initial-cluster=r1=http://127.0.0.1:1",
        "--initial-advertise-peer-urls=http://127.0.0.1:1");
    walker.say(walker.at("m1"), "move-leader", walker.id("m2"));
    walker.awaitLeader("m2");
    walker.say(walker.at("m1"), "move-leader", walker.id("m3"));
    walker.say("move-leader", walker.id("m1"));
    walker.awaitLeader("m1");
    walker.say("move-leader", "1234567");
    walker.say("move-leader", "x");
  }

  private void mirror() {
    walker.say("put", "mirror/a", "1");
    walker.say("put", "mirror/b", "2");
    Running mirror = walker.start(
        "make-mirror",
        "--prefix=mirror/",
        "--dest-prefix=mirrored/",
        walker.member("m1").endpoint());
    awaitMirrored("mirrored/b", "2");
    walker.say("put", "mirror/c", "3");
    awaitMirrored("mirrored/c", "3");
    walker.say("del", "mirror/a");
    awaitMirrored("mirrored/a", "");
    walker.stop(mirror);
    walker.say("get", "mirror", "--prefix", "-w", "json");
  }

  private void awaitMirrored(String key, String value) {
    Awaitility.await(key)
        .atMost(Cluster.PATIENCE)
        .until(
            () -> walker.quietly("get", key, "--print-value-only").out().strip().equals(value));
  }

  private void members() {
    walker.sayInEveryFormat("member", "list");
    String peer = "http://127.0.0.1:" + FreePorts.take(1).get(0);
    String moved = "http://127.0.0.1:" + FreePorts.take(1).get(0);
    walker.nameAddress(peer, "<peer m4>");
    // etcd makes ids of addresses and seconds: an address that was removed in this second is
    // refused.
    String learner = "http://127.0.0.1:" + FreePorts.take(1).get(0);
    walker.nameAddress(moved, "<other peer m4>");
    walker.nameAddress(learner, "<peer m5>");
    walker.add("m4", "--peer-urls=" + peer);
    walker.sayUnordered("member", "list");
    walker.say("member", "add", "m5", "--peer-urls=" + peer);
    walker.say("member", "update", walker.id("m4"), "--peer-urls=" + moved);
    walker.sayUnordered("member", "list");
    walker.say("member", "promote", walker.id("m4"));
    walker.say("member", "remove", walker.id("m4"));
    walker.say("member", "remove", walker.id("m4"));
    walker.add("m5", "--peer-urls=" + learner, "--learner");
    walker.sayUnordered("member", "list", "-w", "table");
    walker.say("member", "promote", walker.id("m5"));
    walker.sayUnordered("member", "remove", walker.id("m5"), "-w", "json");
    walker.say("member", "update", "1234567", "--peer-urls=" + peer);
    walker.say("member", "promote", "1234567");
    walker.say("member", "remove", "1234567");
    walker.say("member", "add", "m6");
    walker.sayUnordered("member", "list");
  }

  private void usersAndRoles() {
    walker.say("user", "add", "root:of root");
    walker.say("user", "add", "root:of root");
    walker.say("user", "add", "alice", "--new-user-password=of alice", "-w", "json");
    walker.sayTo("of bob\n", "user", "add", "bob", "--interactive=false");
    walker.say("user", "add", "carol", "--no-password");
    walker.say("user", "add", ":empty");
    walker.say("role", "add", "reader");
    walker.say("role", "add", "reader");
    walker.say("role", "add", "writer", "-w", "json");
    walker.say("role", "grant-permission", "reader", "read", "key");
    walker.say("role", "grant-permission", "reader", "read", "from", "to", "-w", "json");
    walker.say("role", "grant-permission", "reader", "read", "prefix/", "--prefix=true");
    walker.say("role", "grant-permission", "reader", "read", "z", "--from-key=true");
    walker.say("role", "grant-permission", "writer", "readwrite", "own");
    walker.say("role", "grant-permission", "writer", "write", "log/", "--prefix=true");
    walker.say("role", "grant-permission", "writer", "own", "log/");
    walker.say("role", "grant-permission", "missing", "read", "key");
    walker.sayOrderedInEveryFormat("role", "get", "reader");
    walker.say("role", "get", "writer");
    walker.say("role", "get", "missing");
    walker.sayOrderedInEveryFormat("role", "list");
    walker.say("role", "revoke-permission", "reader", "from", "to");
    walker.say("role", "revoke-permission", "reader", "z", "--from-key=true");
    walker.say("role", "revoke-permission", "reader", "from", "to");
    walker.say("role", "get", "reader");

    walker.say("user", "grant-role", "alice", "reader");
    walker.say("user", "grant-role", "alice", "writer", "-w", "json");
    walker.say("user", "grant-role", "alice", "missing");
    walker.say("user", "grant-role", "missing", "reader");
    walker.sayOrderedInEveryFormat("user", "get", "alice");
    walker.say("user", "get", "alice", "--detail");
    walker.say("user", "get", "missing");
    walker.sayOrderedInEveryFormat("user", "list");
    walker.sayTo("new of bob\n", "user", "passwd", "bob", "--interactive=false");
    walker.sayTo("new\n", "user", "passwd", "missing", "--interactive=false");
    walker.say("user", "revoke-role", "alice", "reader", "-w", "json");
    walker.say("user", "revoke-role", "alice", "reader");
    walker.say("user", "delete", "bob");
    walker.say("user", "delete", "bob");
    walker.say("user", "delete", "carol", "-w", "json");
    walker.say("role", "delete", "reader");
    walker.say("role", "delete", "reader");
  }

  private void auth() {
    walker.say("auth", "disable");
    walker.say("auth", "enable");
    walker.say("get", "a");
    walker.say("put", "a", "1");
    walker.sayOrderedInEveryFormat(with(ROOT, "get", "own"));
    walker.say(with(ALICE, "put", "own", "1"));
    walker.say(with(ALICE, "get", "own"));
    walker.say(with(ALICE, "put", "log/1", "1"));
    walker.say(with(ALICE, "get", "log/1"));
    walker.say(with(ALICE, "del", "own"));
    walker.say(with(ALICE, "get", "", "--prefix"));
    walker.sayTo("\nput own 1\nput other 1\n\n\n", with(ALICE, "txn"));
    walker.say(with(ALICE, "watch", "other"));
    walker.say(with(ALICE, "user", "list"));
    walker.say(with(ALICE, "user", "get", "alice"));
    walker.say(with(ALICE, "role", "get", "writer"));
    walker.say(with(ALICE, "role", "get", "root"));
    walker.say(with(ALICE, "lease", "grant", "600"));
    walker.say(with(ALICE, "compaction", "2"));
    walker.say(with(ALICE, "alarm", "list"));
    walker.say(with(ALICE, "endpoint", "health", walker.at("m1")));
    walker.say(with(ALICE, "defrag", walker.at("m1")));
    walker.say("--user", "alice", "--password", "of alice", "get", "own");
    walker.say("--user", "alice:guessed", "get", "own");
    walker.say("--user", "missing:guessed", "get", "own");
    walker.sayUnordered(with(ROOT, "endpoint", "health"));
    walker.sayOrderedInEveryFormat(with(ROOT, "user", "get", "root"));
    walker.say(with(ROOT, "role", "get", "root"));
    walker.say(with(ROOT, "user", "delete", "root"));
    walker.say(with(ROOT, "user", "revoke-role", "root", "root"));
    walker.say(with(ROOT, "role", "delete", "root"));
    walker.say(with(ROOT, "auth", "disable"));
    walker.say("get", "own");
    walker.say("auth", "enable", "-w", "json");
    walker.say(with(ROOT, "auth", "disable", "-w", "json"));
  }

  private static String[] with(String[] user, String... command) {
    String[] all = new String[user.length + command.length];
    System.arraycopy(user, 0, all, 0, user.length);
    System.arraycopy(command, 0, all, user.length, command.length);
    return all;
  }
}
