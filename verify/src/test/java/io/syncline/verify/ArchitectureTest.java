package io.syncline.verify;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** Who may know whom. A rule that stands in the way is changed here, with its reason. */
class ArchitectureTest {
  /** Reaches into a package of Ratis for what is visible only there: the lease, and the leader's senders. */
  private static final String RATIS_NEIGHBOUR = "org.apache.ratis.server.impl.RatisLeader";

  private static final JavaClasses CLASSES = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .withImportOption(
          location -> location.contains("io/syncline/") || location.contains("RatisLeader"))
      .withImportOption(location -> !location.contains("io/syncline/verify/"))
      .importPackages("io.syncline", "org.apache.ratis.server.impl");

  @Test
  void modulesDependDownwardsOnly() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("io.syncline..")
        .layer("ops")
        .definedBy("io.syncline.ops..")
        .layer("bench")
        .definedBy("io.syncline.bench..")
        .layer("server")
        .definedBy("io.syncline.server..", "org.apache.ratis.server.impl..")
        .layer("client")
        .definedBy("io.syncline.client..")
        .layer("monitor")
        .definedBy("io.syncline.monitor..")
        .layer("conflict")
        .definedBy("io.syncline.conflict..")
        .layer("proto")
        .definedBy("io.syncline.model..", "io.syncline.codec..", "io.syncline.proto..")
        .whereLayer("ops")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("bench")
        .mayOnlyBeAccessedByLayers("ops")
        .whereLayer("server")
        .mayOnlyBeAccessedByLayers("ops", "bench")
        .whereLayer("client")
        .mayOnlyBeAccessedByLayers("ops", "bench", "server")
        .whereLayer("monitor")
        .mayOnlyBeAccessedByLayers("ops", "bench", "server", "client")
        .whereLayer("conflict")
        .mayOnlyBeAccessedByLayers("ops", "bench", "server", "client")
        .because("a module can be understood and replaced only if nothing below it knows it")
        .check(CLASSES);
  }

  @Test
  void partsOfTheServerDependDownwardsOnly() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("io.syncline.server..")
        .layer("node")
        .definedBy("io.syncline.server.node..")
        .layer("rpc")
        .definedBy("io.syncline.server.rpc..")
        .layer("etcd")
        .definedBy("io.syncline.server.etcd..")
        .layer("http")
        .definedBy("io.syncline.server.http..")
        .layer("follower")
        .definedBy("io.syncline.server.follower..")
        .layer("draft")
        .definedBy("io.syncline.server.draft..")
        .layer("conflict")
        .definedBy("io.syncline.server.conflict..")
        .layer("sync")
        .definedBy("io.syncline.server.sync..")
        .layer("retain")
        .definedBy("io.syncline.server.retain..")
        .layer("read")
        .definedBy("io.syncline.server.read..")
        .layer("feed")
        .definedBy("io.syncline.server.feed..")
        .layer("admission")
        .definedBy("io.syncline.server.admission..")
        .layer("raft")
        .definedBy("io.syncline.server.raft..")
        .layer("apply")
        .definedBy("io.syncline.server.apply..")
        .layer("store")
        .definedBy("io.syncline.server.store..")
        .whereLayer("node")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("etcd")
        .mayOnlyBeAccessedByLayers("node")
        .whereLayer("rpc")
        .mayOnlyBeAccessedByLayers("node", "etcd")
        .whereLayer("http")
        .mayOnlyBeAccessedByLayers("node", "etcd")
        .whereLayer("follower")
        .mayOnlyBeAccessedByLayers("node")
        .whereLayer("draft")
        .mayOnlyBeAccessedByLayers("node", "rpc")
        .whereLayer("conflict")
        .mayOnlyBeAccessedByLayers("node", "rpc")
        .whereLayer("sync")
        .mayOnlyBeAccessedByLayers("node", "rpc")
        .whereLayer("retain")
        .mayOnlyBeAccessedByLayers("node", "follower")
        .whereLayer("read")
        .mayOnlyBeAccessedByLayers("node", "rpc", "etcd", "sync", "follower")
        .whereLayer("feed")
        .mayOnlyBeAccessedByLayers("node", "rpc", "etcd", "sync", "follower")
        .whereLayer("admission")
        .mayOnlyBeAccessedByLayers("node", "rpc", "etcd")
        .whereLayer("raft")
        .mayOnlyBeAccessedByLayers("node", "rpc", "etcd", "retain", "read")
        .whereLayer("apply")
        .mayOnlyBeAccessedByLayers("node", "raft", "follower")
        .because("a write goes from the door down to the store, and nothing on its way looks back")
        .check(CLASSES);
  }

  @Test
  void noPackagesDependOnEachOtherInACircle() {
    slices()
        .matching("io.syncline.(server|client|model|codec|conflict|monitor).(*)..")
        .should()
        .beFreeOfCycles()
        .because("packages in a circle are one package with several names")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void onlyTheStoreKnowsRocksDb() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.syncline.server.store..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.rocksdb..")
        .because("native memory and column families are closed and named in one place")
        .check(CLASSES);
  }

  @Test
  void onlyRaftKnowsRatis() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.syncline.server.raft..")
        .and()
        .doNotHaveFullyQualifiedName(RATIS_NEIGHBOUR)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.ratis..")
        .because("what Ratis may be trusted with, and what not, is decided in one package")
        .check(CLASSES);
  }

  @Test
  void onlyOneClassStandsInAPackageOfRatis() {
    classes()
        .that()
        .resideInAPackage("org.apache.ratis..")
        .should()
        .haveFullyQualifiedName(RATIS_NEIGHBOUR)
        .because("each one leans on what Ratis may change without notice")
        .check(CLASSES);
  }

  @Test
  void onlyMonitorKnowsMicrometerAndPrometheus() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.syncline.monitor..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..", "io.prometheus..")
        .because("all metrics have their names in one catalogue")
        .check(CLASSES);
  }

  @Test
  void onlyCodecsKnowTheBytesOfTheLogAndOfTheStore() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.syncline.codec..", "io.syncline.proto..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.syncline.proto.log..", "io.syncline.proto.storage..")
        .because("bytes that were written are read for ever: one place knows how")
        .check(CLASSES);
  }

  @Test
  void domainTypesKnowNeitherMessagesNorTransport() {
    noClasses()
        .that()
        .resideInAPackage("io.syncline.model..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.syncline.proto..", "io.syncline.codec..", "io.grpc..")
        .because("the domain outlives each of its encodings")
        .check(CLASSES);
  }

  @Test
  void conflictIsPure() {
    classes()
        .that()
        .resideInAPackage("io.syncline.conflict..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(
            "io.syncline.conflict..",
            "io.syncline.model..",
            "com.fasterxml.jackson.core..",
            "com.github.difflib..",
            "com.google.protobuf..",
            "org.jspecify..",
            "org.snakeyaml.engine.v2..",
            "java.io",
            "java.lang..",
            "java.math..",
            "java.nio",
            "java.nio.charset..",
            "java.time..",
            "java.util.."))
        .because("a merge must give the same result wherever it is computed")
        .check(CLASSES);
  }

  @Test
  void applyingIsDeterministic() {
    noClasses()
        .that()
        .resideInAPackage("io.syncline.server.apply..")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(
            Clock.class,
            Random.class,
            SplittableRandom.class,
            ThreadLocalRandom.class,
            Thread.class,
            Executor.class,
            CompletableFuture.class,
            ProcessHandle.class)
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .orShould()
        .callMethod(System.class, "getProperty", String.class)
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(UUID.class, "randomUUID")
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("java.io..", "java.nio.file..", "java.net..")
        .because("the same log must give the same bytes on every voter")
        .check(CLASSES);
  }
}
