package io.syncline.verify.etcd.etcdctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The judge of the walk. */
class ComparisonTest {
  private static final StatedDifferences STATED = StatedDifferences.parse("""
      # Title

      Words.

      ## `get a`

      It is
      better.

      ## `get b`

      It is worse.
      """);

  @Test
  void aDifferenceIsStatedOrNotOrNoneAtAll() {
    var etcd = Map.of("get a", "1", "get b", "2", "get c", "3");
    var other = Map.of("get a", "0", "get b", "2", "get c", "0");
    Comparison comparison = Comparison.of(etcd, other, STATED);
    assertThat(comparison.stated())
        .singleElement()
        .asString()
        .startsWith("etcdctl get a\n")
        .contains("It is", "better.");
    assertThat(comparison.unstated()).singleElement().asString().startsWith("etcdctl get c\n");
    assertThat(comparison.vanished()).containsExactly("get b");
  }

  @Test
  void aCommandThatWasNotRunIsADifference() {
    assertThat(Comparison.of(Map.of("get", "1"), Map.of(), StatedDifferences.none())
            .unstated())
        .hasSize(1);
  }

  @Test
  void aDifferenceIsStatedOnce() {
    assertThatThrownBy(() -> StatedDifferences.parse("## `a`\n\nb\n\n## `a`\n\nc\n"))
        .hasMessageContaining("once");
  }

  @Test
  void whatVariesHasNames() {
    var names = new Names();
    names.callId("00694d1234567890", "<lease>");
    assertThat(names.in("lease 00694d1234567890 granted with TTL(600s), remaining(597s)"))
        .isEqualTo("lease <lease> granted with TTL(<600>s), remaining(<600>s)");
    assertThat(names.in("{\"member_id\":17,\"revision\":17,\"ID\":" + 0x694d1234567890L + "}"))
        .isEqualTo("{\"member_id\":<member_id>,\"revision\":17,\"ID\":<lease>}");
    assertThatThrownBy(() -> names.callId("2", "<id>")).hasMessageContaining("too short");
  }
}
