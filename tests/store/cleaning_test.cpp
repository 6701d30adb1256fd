#include "doctor_kit.hpp"
#include "store/cleaning.hpp"

#include <troupe/errors.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace store_kit;
using namespace troupe;

namespace {

/// What can go, relative to trials/.
std::vector<std::string> names(const cleaning& c, const study_layout& layout) {
  std::vector<std::string> all;
  for (const auto& each : c.goes())
    all.push_back(fs::relative(each.where, layout.trials()).string());
  return all;
}

void clean(const study_layout& layout, std::size_t keep_best) {
  study_folder folder{layout.root(), folder_use::go_on};
  cleaning{layout, keep_best}.carry_out(folder);
}

bool is_sound(const study_layout& layout) {
  return examine(layout, false).findings.empty();
}

/// Why the checkpoints of trial `whose` stay.
std::string why_kept(const cleaning& c, const std::string& whose) {
  const auto found = std::ranges::find(c.stays(), whose, &cleaning::remainder::whose);
  return found == c.stays().end() ? "" : found->why;
}

} // namespace

TEST_CASE("what is left of the best trial stays, and of the others goes") {
  temp_dir folder;
  told_study s{folder / "out"};
  s.add();
  s.add();
  s.start(0);
  s.start(1);
  s.report(0, {{"loss", 0.5}});
  s.report(1, {{"loss", 0.7}});
  s.leave(0);
  s.leave(1);
  s.end();
  const cleaning c{s.layout, 1};
  CHECK(names(c, s.layout) == std::vector<std::string>{"00001/checkpoint_000000"});
  CHECK(c.goes().front().bytes > 100);
  CHECK(why_kept(c, "trial 00000") == "is the best trial");
  clean(s.layout, 1);
  CHECK(is_sound(s.layout));
  CHECK_FALSE(fs::exists(s.layout.checkpoint(1, 0)));
  clean(s.layout, 0);
  CHECK(is_sound(s.layout));
  CHECK_FALSE(fs::exists(s.layout.checkpoint(0, 0)));
  CHECK(cleaning{s.layout, 0}.goes().empty());
}

TEST_CASE("trials that have failed, or have yet to run, keep what they go on from") {
  temp_dir folder;
  told_study s{folder / "out"};
  s.add();
  s.add();
  for (int attempt = 0; attempt < 2; ++attempt) {
    s.start(0);
    s.report(0, {{"loss", 0.5}});
    s.leave(0, "boom");
  }
  s.start(1);
  s.report(1, {{"loss", 0.7}});
  s.leave(1, "boom"); // it may be tried once more
  s.end();
  const cleaning c{s.layout, 0};
  CHECK(c.goes().empty());
  CHECK(contains(why_kept(c, "trial 00000"), "--retry-failed"));
  CHECK(contains(why_kept(c, "trial 00001"), "is pending"));
}

TEST_CASE("a checkpoint that another trial goes on from stays until that one has its own") {
  temp_dir folder;
  told_study s{folder / "out"};
  s.add();
  s.add();
  s.start(0);
  s.start(1);
  s.report(0, {{"loss", 0.9}});
  s.report(1, {{"loss", 0.5}});
  s.take_over(0, 1); // checkpoint 0
  s.report(1, {{"loss", 0.1}});
  s.report(1, {{"loss", 0.2}});
  s.leave(1);
  s.end();
  const cleaning c{s.layout, 0};
  CHECK(names(c, s.layout) ==
        std::vector<std::string>{"00001/checkpoint_000001", "00001/checkpoint_000002"});
  CHECK(contains(why_kept(c, "trial 00001"), "trial 00000 goes on from"));
  CHECK(contains(why_kept(c, "trial 00000"), "is paused"));
  clean(s.layout, 0);
  CHECK(is_sound(s.layout));
  CHECK(fs::exists(s.layout.checkpoint(1, 0)));
}

TEST_CASE("a study that has not ended keeps all that its journal needs") {
  temp_dir folder;
  {
    told_study s{folder / "out"};
    s.add();
    s.start(0);
    s.report(0, {{"loss", 0.5}});
    s.leave(0);
    s.commit();
  }
  const study_layout layout{folder / "out"};
  fs::create_directories(layout.trial(0) / ".checkpoint_000007.tmp");
  fs::create_directories(layout.checkpoint(0, 9));
  const cleaning c{layout, 0};
  CHECK(c.goes().size() == 2);
  CHECK(contains(why_kept(c, "all trials"), "has not ended"));
  clean(layout, 0);
  CHECK(fs::exists(layout.checkpoint(0, 0)));
  CHECK(is_sound(layout));
}

TEST_CASE("what somebody else has removed is not needed any more once it could go") {
  temp_dir folder;
  const auto layout = write_study(folder / "out");
  fs::remove_all(layout.checkpoint(1, 0));
  CHECK_FALSE(is_sound(layout));
  clean(layout, 0);
  CHECK(is_sound(layout));
}

TEST_CASE("nothing is cleaned by the file of another study") {
  temp_dir folder;
  const auto layout = write_study(folder / "out");
  auto text = read_file(layout.study_file());
  text.replace(text.find("\"demo\""), 6, "\"other\"");
  write_file(layout.study_file(), text);
  const auto said = message_of<folder_error>([&] { cleaning{layout, 1}; });
  CHECK(contains(said, "is another study's"));
}
