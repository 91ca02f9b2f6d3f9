"""Roads are taken out of an extract as whole as they are."""

import subprocess
import sys
from pathlib import Path

import osmium

ROOT = Path(__file__).resolve().parents[3]
CLIPPED = """<?xml version="1.0"?><osm version="0.6">
 <node id="1" lat="11.0" lon="77.0"/>
 <node id="2" lat="11.01" lon="77.01"><tag k="barrier" v="gate"/></node>
 <node id="3" lat="11.02" lon="77.02"/><node id="4" lat="11.03" lon="77.03"/>
 <node id="5" lat="11.04" lon="77.04"/>
 <way id="10"><nd ref="1"/><nd ref="404"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="405"/>
  <tag k="highway" v="primary"/></way>
 <way id="11"><nd ref="4"/><nd ref="406"/><tag k="highway" v="service"/></way>
 <way id="12"><nd ref="3"/><nd ref="4"/><tag k="building" v="yes"/></way>
 <way id="13"><nd ref="1"/><nd ref="2"/><tag k="route" v="ferry"/></way>
 <relation id="20"><member type="way" ref="10" role="from"/><member type="node" ref="4" role="via"/>
  <member type="way" ref="11" role="to"/><tag k="type" v="restriction"/></relation>
 <relation id="21"><member type="way" ref="10" role=""/><tag k="type" v="route"/></relation>
</osm>"""


def test_the_longest_whole_stretch_of_each_road_is_kept_with_its_nodes(tmp_path: Path) -> None:
    source, target = tmp_path / "clipped.osm", tmp_path / "roads.osm.pbf"
    source.write_text(CLIPPED, encoding="utf-8")
    module = "trafficdesk.maps.routing.road_extract"
    subprocess.run([sys.executable, "-m", module, source, target], cwd=ROOT, check=True)
    nodes, ways, turns = {}, {}, []
    for thing in osmium.FileProcessor(str(target)):
        match thing:
            case osmium.osm.Node():
                nodes[thing.id] = dict(thing.tags)
            case osmium.osm.Way():
                ways[thing.id] = [node.ref for node in thing.nodes]
            case osmium.osm.Relation():
                turns.append(thing.id)
    assert ways == {10: [2, 3, 4], 13: [1, 2]}
    assert nodes == {1: {}, 2: {"barrier": "gate"}, 3: {}, 4: {}}
    assert turns == [20]
