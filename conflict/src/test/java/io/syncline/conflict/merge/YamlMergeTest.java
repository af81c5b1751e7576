package io.syncline.conflict.merge;

import static io.syncline.conflict.merge.Merging.conflicts;
import static io.syncline.conflict.merge.Merging.merge;
import static io.syncline.conflict.merge.Merging.merged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.syncline.conflict.merge.PathConflict.Cause;
import java.util.List;
import org.junit.jupiter.api.Test;

class YamlMergeTest {
  private static final String DEPLOYMENT = """
      # who serves the front page
      kind: Deployment
      spec:
        containers:
          # the server
          - name: web
            image: "web:1"   # pinned
            args: [--port, '80']
          - name: log
            image: log:1
      """;

  @Test
  void neighbouringLinesWithDifferentPathsAreMergedAndAllElseStaysAsItWas() {
    String ours = DEPLOYMENT.replace("web:1", "web:2");
    String theirs = DEPLOYMENT.replace("'80'", "'8080'");

    assertThat(merged(Format.YAML, DEPLOYMENT, ours, theirs))
        .isEqualTo(DEPLOYMENT.replace("web:1", "web:2").replace("'80'", "'8080'"));
  }

  @Test
  void elementsAreToldApartByTheirNames() {
    String ours = DEPLOYMENT + "    - name: cache\n      image: cache:1\n";
    String theirs = DEPLOYMENT.replace("log:1", "log:2") + "    - name: proxy\n      image: p:1\n";

    assertThat(merged(Format.YAML, DEPLOYMENT, ours, theirs))
        .isEqualTo(DEPLOYMENT.replace("log:1", "log:2")
            + "    - name: cache\n      image: cache:1\n    - name: proxy\n      image: p:1\n");
  }

  @Test
  void aConflictNamesElementAndField() {
    List<PathConflict> conflicts = conflicts(
        Format.YAML,
        DEPLOYMENT,
        DEPLOYMENT.replace("web:1", "web:2"),
        DEPLOYMENT.replace("web:1", "web:3"));

    assertThat(conflicts)
        .containsExactly(new PathConflict(
            "spec.containers[name=web].image",
            Cause.BOTH_CHANGED,
            "both sides changed it, differently",
            "\"web:1\"",
            "\"web:2\"",
            "\"web:3\""));
  }

  @Test
  void anElementThatOneSideDeletedAndTheOtherChangedIsAConflict() {
    String without = DEPLOYMENT.replace("    - name: log\n      image: log:1\n", "");

    assertThat(conflicts(Format.YAML, DEPLOYMENT, without, DEPLOYMENT.replace("log:1", "log:2")))
        .extracting(PathConflict::path, PathConflict::cause)
        .containsExactly(tuple("spec.containers[name=log]", Cause.CHANGED_AND_DELETED));
  }

  @Test
  void whatIdentifiesElementsCanBeSaid() {
    String base = "- host: a\n  port: 1\n- host: b\n  port: 1\n";
    String ours = base.replaceFirst("port: 1", "port: 2");
    String theirs = "- host: z\n  port: 1\n" + base;
    var byHost = MergeOptions.DEFAULT.withIdKeys(List.of("id", "host"));

    assertThat(merge(Format.YAML, base, ours, theirs, byHost).toString())
        .contains("LINES_AND_STRUCTURE");
    assertThat(conflicts(Format.YAML, base, ours, base.replaceFirst("port: 1", "port: 3")))
        .extracting(PathConflict::path)
        .containsExactly("[0].port");
  }

  @Test
  void listsWithoutNamesAreMergedOnlyWhereLinesAgree() {
    String base = "list:\n- a\n- b\n- c\n- d\n";

    assertThat(merged(Format.YAML, base, base.replace("- a", "- x"), base + "- e\n"))
        .isEqualTo("list:\n- x\n- b\n- c\n- d\n- e\n");
    assertThat(conflicts(Format.YAML, base, base + "- x\n", base + "- y\n"))
        .extracting(PathConflict::path)
        .containsExactly("list");
    assertThat(conflicts(
            Format.YAML, "list: [a, b, c, d]\n", "list: [x, b, c, d]\n", "list: [a, b, c, d, e]\n"))
        .as("one line, which both changed")
        .extracting(PathConflict::path)
        .containsExactly("list");
  }

  @Test
  void elementsPutInAnotherOrderByOneSideStayInThatOrder() {
    String base = "- name: a\n  v: 1\n- name: b\n  v: 1\n- name: c\n  v: 1\n";
    String ours = "- name: c\n  v: 1\n- name: a\n  v: 1\n- name: b\n  v: 1\n";

    assertThat(merged(Format.YAML, base, ours, base.replaceFirst("v: 1", "v: 2")))
        .isEqualTo("- name: c\n  v: 1\n- name: a\n  v: 2\n- name: b\n  v: 1\n");
    assertThat(conflicts(
            Format.YAML, base, ours, "- name: b\n  v: 1\n- name: a\n  v: 1\n- name: c\n  v: 1\n"))
        .extracting(PathConflict::cause)
        .containsExactly(Cause.BOTH_REORDERED);
  }

  @Test
  void bothSidesAddingTheSameElementsInAnotherOrderIsAConflict() {
    String base = "- name: a\n";

    assertThat(conflicts(
            Format.YAML, base, base + "- name: x\n- name: y\n", base + "- name: y\n- name: x\n"))
        .extracting(PathConflict::cause)
        .containsExactly(Cause.BOTH_REORDERED);
  }

  @Test
  void commentsGoWithWhatTheyStandAboveOrBehind() {
    String base = "a: 1 # one\nb: 1 # two\nc: 1\n";
    String ours = "a: 2 # one\nb: 1 # two\nc: 1\n";
    String theirs = "a: 1 # one\nb: 2 # three\n# new\nd: 1\nc: 1\n";

    assertThat(merged(Format.YAML, base, ours, theirs))
        .isEqualTo("a: 2 # one\nb: 2 # three\n# new\nd: 1\nc: 1\n");
  }

  @Test
  void aCommentWithoutACertainPlaceIsAConflict() {
    String base = "a: 1 # one\nb: 1\n";

    assertThat(conflicts(Format.YAML, base, "a: 2 # two\nb: 1\n", "a: 1 # three\nb: 1\n"))
        .extracting(PathConflict::path, PathConflict::cause)
        .containsExactly(tuple("line 1", Cause.COMMENT_UNSURE));
  }

  @Test
  void quotesAndLayoutDoNotCountAsChangesOfMeaningButTypesDo() {
    assertThat(merged(Format.YAML, "a: one\nb: 1\n", "a: \"one\"\nb: 1\n", "a: two\nb: 1\n"))
        .contains("two");
    assertThat(conflicts(Format.YAML, "a: no\n", "a: \"no\"\n", "a: yes\n"))
        .extracting(PathConflict::path)
        .containsExactly("a");
  }

  @Test
  void anchorsAliasesMergeKeysAndTagsStay() {
    String base = """
        defaults: &defaults
          timeout: 5
          retries: 1
        web:
          <<: *defaults
          size: !bytes 10
        """;
    String ours = base.replace("timeout: 5", "timeout: 6");
    String theirs = base.replace("retries: 1", "retries: 2").replace("!bytes 10", "!bytes 20")
        + "log: *defaults\n";

    assertThat(merged(Format.YAML, base, ours, theirs))
        .isEqualTo(theirs.replace("timeout: 5", "timeout: 6"));
    assertThat(conflicts(
            Format.YAML, base, base.replace("!bytes", "!octets"), base.replace("10", "20")))
        .extracting(PathConflict::path)
        .containsExactly("web.size");
  }

  @Test
  void anAnchorThatOneSideTakesAwayAndTheOtherNamesIsAConflict() {
    String base = "a: &x 1\nb: 2\nc: 3\n";

    assertThat(conflicts(Format.YAML, base, "a: 1\nb: 2\nc: 3\n", base + "d: *x\n"))
        .extracting(PathConflict::cause)
        .containsExactly(Cause.NOT_WRITABLE);
  }

  @Test
  void documentsOfAStreamAreToldApartByKindAndName() {
    String base = document("Service", "web", 1) + "---\n" + document("Deployment", "web", 1);
    String ours = document("Service", "web", 2) + "---\n" + document("Deployment", "web", 1);
    String theirs = document("Service", "web", 1)
        + "---\n" + document("Deployment", "web", 3)
        + "---\n" + document("Service", "log", 1);

    assertThat(merged(Format.YAML, base, ours, theirs))
        .isEqualTo(document("Service", "web", 2)
            + "---\n" + document("Deployment", "web", 3)
            + "---\n" + document("Service", "log", 1));
    assertThat(conflicts(
            Format.YAML,
            base,
            ours,
            document("Service", "web", 3) + "---\n" + document("Deployment", "web", 1)))
        .extracting(PathConflict::path)
        .containsExactly("document[Service web].spec.size");
  }

  @Test
  void bothSidesMayAddDocumentsAtTheEnd() {
    String base = document("Service", "a", 1) + "---\n" + document("Service", "b", 1);

    assertThat(merged(
            Format.YAML,
            base,
            base + "---\n" + document("Service", "c", 1),
            base + "---\n" + document("Service", "d", 1)))
        .isEqualTo(
            base + "---\n" + document("Service", "c", 1) + "---\n" + document("Service", "d", 1));
  }

  private static String document(String kind, String name, int size) {
    return "kind: %s\nmetadata:\n  name: %s\nspec:\n  size: %d\n".formatted(kind, name, size);
  }

  @Test
  void aSectionMovesToTheIndentationOfItsNewPlace() {
    String base = "top:\n  a: 1\n  b: 1\n";
    String ours = "top:\n    a: 2\n    b: 1\n";
    String theirs =
        "top:\n  a: 1\n  b: 1\n  deep:\n    text: |\n      one\n        two\n    x: 1\n";

    assertThat(merged(Format.YAML, base, ours, theirs)).isEqualTo("""
            top:
                a: 2
                b: 1
                deep:
                  text: |
                    one
                      two
                  x: 1
            """);
  }

  @Test
  void pathsQuoteWhatIsNoCommonName() {
    assertThat(conflicts(
            Format.YAML,
            "a.b:\n  \"x y\": 1\n  ns::k: 1\n",
            "a.b:\n  \"x y\": 2\n  ns::k: 2\n",
            "a.b:\n  \"x y\": 3\n  ns::k: 3\n"))
        .extracting(PathConflict::path)
        .containsExactly("[\"a.b\"][\"x y\"]", "[\"a.b\"].ns::k");
  }
}
