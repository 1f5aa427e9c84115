"""Beyond the practice's walls: places in the community that meet need, with their capacity and lists."""
