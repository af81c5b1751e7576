package io.syncline.verify.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.syncline.proto.etcd.v3.RangeRequest;
import io.syncline.proto.etcd.v3.RangeRequest.SortTarget;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final RangeRequest BY_VERSION =
      RangeRequest.newBuilder().setSortTarget(SortTarget.VERSION).build();

  @Test
  void whoAnsweredDoesNotCountButThatItSaysSoDoes() throws JsonProcessingException {
    Answer one = answer("{'header':{'cluster_id':'1','member_id':'2','revision':'5'}}");
    Answer other = answer("{'header':{'cluster_id':'3','member_id':'4','revision':'5'}}");
    Answer silent = answer("{'header':{'cluster_id':'3','revision':'5'}}");

    assertThat(Comparison.of(Normal.form(one), Normal.form(other))).isEmpty();
    assertThat(Comparison.of(Normal.form(one), Normal.form(silent)))
        .contains(new Difference("/header/member_id", "\"*\"", "nothing"));
  }

  @Test
  void aDifferenceNamesItsFieldAndShowsBytesAsText() throws JsonProcessingException {
    Answer one = answer("{'kvs':[{'key':'YQ=='},{'key':'Yg=='}]}");
    Answer other = answer("{'kvs':[{'key':'YQ=='},{'key':'Yw=='}]}");

    assertThat(Comparison.of(one, other))
        .contains(new Difference("/kvs/1/key", "\"Yg==\" (b)", "\"Yw==\" (c)"));
  }

  @Test
  void pairsThatAreEqualByWhatTheyAreSortedByMayChangePlaces() throws JsonProcessingException {
    Answer one = answer("{'kvs':[{'key':'YQ==','version':'1'},{'key':'Yg==','version':'1'}]}");
    Answer other = answer("{'kvs':[{'key':'Yg==','version':'1'},{'key':'YQ==','version':'1'}]}");

    assertThat(Comparison.of(one, other)).isPresent();
    assertThat(Comparison.of(
            Normal.form(Method.RANGE, BY_VERSION, one),
            Normal.form(Method.RANGE, BY_VERSION, other)))
        .isEmpty();
  }

  @Test
  void whichOfThemALimitLeavesDoesNotCountButTheirNumberDoes() throws JsonProcessingException {
    Answer one = answer("{'more':true,'kvs':[{'key':'YQ==','version':'1'}]}");
    Answer other = answer("{'more':true,'kvs':[{'key':'Yg==','version':'1'}]}");
    Answer newer = answer("{'more':true,'kvs':[{'key':'Yg==','version':'2'}]}");

    List<Answer> normal = List.of(one, other, newer).stream()
        .map(answer -> Normal.form(Method.RANGE, BY_VERSION, answer))
        .toList();
    assertThat(Comparison.of(normal.get(0), normal.get(1))).isEmpty();
    assertThat(Comparison.of(normal.get(0), normal.get(2))).isPresent();
  }

  @Test
  void whatHasNotComeEqualsNothing() {
    assertThat(Comparison.of(Answer.inVain("events"), Answer.inVain("events"))).isPresent();
  }

  private static Answer answer(String body) throws JsonProcessingException {
    return new Answer("OK", Answer.JSON.readTree(body.replace('\'', '"')));
  }
}
