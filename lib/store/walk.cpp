#include "store/walk.hpp"

#include <algorithm>
#include <set>
#include <vector>

namespace attune::store {
namespace {

struct Link {
  std::string name;
  haddr_t address;
};

struct Found {
  std::vector<Link> links;
  bool strange = false;
};

herr_t collect_link(hid_t, const char* name, const H5L_info_t* info, void* data) {
  auto& found = *static_cast<Found*>(data);
  found.strange = info->type != H5L_TYPE_HARD || found.links.size() >= kMostObjects;
  if (!found.strange) found.links.push_back({name, info->u.address});
  return found.strange ? 1 : 0;
}

std::vector<Link> links_of(hid_t group, const Place& place, Budget& budget) {
  const WithinHdf5 scope;
  H5G_info_t info{};
  check(H5Gget_info(group, &info), place, "an intact group");
  // Those of old files are lists that may run in a circle.
  if (info.storage_type == H5G_STORAGE_TYPE_SYMBOL_TABLE) {
    fail(place, "groups as HDF5 1.10 writes them", "a symbol table");
  }
  budget.take_objects(place, info.nlinks);
  Found found;
  // For any other order HDF5 1.10 makes a table, and frees what it never filled of it where a group
  // is damaged.
  check(H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, collect_link, &found), place,
        "intact groups");
  if (found.strange) fail(place, "datasets in groups", "links, or too many of them");
  std::ranges::sort(found.links, {}, &Link::name);
  return std::move(found.links);
}

struct Group {
  Handle handle;
  std::string name;  // "" of the root
};

}  // namespace

void check_attribute_count(hid_t object, std::size_t most, const Place& place) {
  const WithinHdf5 scope;
  H5O_info_t info{};
  check(H5Oget_info2(object, &info, H5O_INFO_NUM_ATTRS), place, "attributes");
  if (info.num_attrs > most) {
    fail(place, "at most " + std::to_string(most) + " attributes", std::to_string(info.num_attrs));
  }
}

std::map<std::string, Dataset> open_datasets(hid_t file, const std::string& path, Budget& budget) {
  const WithinHdf5 scope;
  std::map<std::string, Dataset> datasets;
  std::vector<Group> groups;
  groups.push_back({own(H5Gopen2(file, "/", H5P_DEFAULT), H5Gclose, {path, "/"}, "an object"), ""});
  H5O_info_t root{};
  check(H5Oget_info2(groups.back().handle.get(), &root, H5O_INFO_BASIC), {path, "/"}, "a group");
  std::set<haddr_t> seen{root.addr};
  while (!groups.empty()) {
    const Group group = std::move(groups.back());
    groups.pop_back();
    for (const Link& link : links_of(group.handle.get(), {path, group.name}, budget)) {
      const Place place{path, group.name + "/" + link.name};
      check_name(place);
      if (!seen.insert(link.address).second) {
        fail(place, "one name for each group and dataset", "a second link to one");
      }
      Handle object = own(H5Oopen(group.handle.get(), link.name.c_str(), H5P_DEFAULT), H5Oclose,
                          place, "an object");
      check_attribute_count(object.get(), kMostObjectAttributes, place);
      const H5I_type_t type = H5Iget_type(object.get());
      if (type == H5I_DATASET) {
        datasets.try_emplace(place.object, std::move(object), place, budget);
      } else if (type == H5I_GROUP) {
        groups.push_back({std::move(object), place.object});
      } else {
        fail(place, "a dataset or a group", "something else");
      }
    }
  }
  return datasets;
}

}  // namespace attune::store
