"""Charts that an eye can read, whatever the size of what is counted."""

from klyngeanalyse.core.results import drawn, drawn_pairs


def test_a_chart_draws_as_many_names_as_an_eye_can_read_and_says_what_it_left_out():
    rows = [{"region": f"r{nth}", "industry": f"i{nth % 3}", "jobs": (-1) ** nth * nth} for nth in range(50)]
    few = drawn(rows[:10], "region", "industry", by="jobs")
    assert few == {"data": {"values": rows[:10]}}
    many = drawn(rows, "region", "industry", by="jobs")
    assert [row["region"] for row in many["data"]["values"]] == [f"r{nth}" for nth in range(10, 50)]
    assert many["description"] == "Region: the 40 with the largest jobs are drawn; the table has all"
    both = drawn(rows, "region", "industry", by="jobs", most=2)
    assert {row["region"] for row in both["data"]["values"]} == {"r48", "r49"}
    assert drawn([{"region": "a", "jobs": None}], "region", by="jobs")["data"]["values"]


def test_of_pairs_the_most_alike_are_drawn_with_all_that_is_between_them():
    pairs = [("a", "b"), ("c", "d"), ("a", "c"), ("e", "a"), ("b", "d")]
    rows = [{"one": one, "other": other} for one, other in pairs]
    told = drawn_pairs(rows, "one", "other", most=4)
    assert [(row["one"], row["other"]) for row in told["data"]["values"]] == [*pairs[:3], pairs[4]]
    assert told["description"] == "The 4 of the most alike pairs are drawn; the table has all"
    assert drawn_pairs(rows, "one", "other") == {"data": {"values": rows}}
