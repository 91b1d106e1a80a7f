"""Runs NVIDIA FLARE's simulator over the benchmark's tables: `federation_peer.py FOLDER SITE...`.

Count, sum, mean, standard deviation and a histogram of each quantity, one client a site, as its own example job does.
"""

import sys
import tempfile

from nvflare.job_config.stats_job import StatsJob
from peer_statistics import TableStatistics


def main():
    folder, sites = sys.argv[1], sys.argv[2:]
    statistics = {
        "count": {}, "mean": {}, "sum": {}, "stddev": {}, "histogram": {"*": {"bins": 20, "range": [-100, 200]}},
    }
    job = StatsJob("federation-benchmark", statistics, TableStatistics(folder), output_path="statistics.json")
    job.setup_clients(sites)
    with tempfile.TemporaryDirectory(prefix="peer-") as workspace:
        job.simulator_run(workspace, threads=len(sites))


if __name__ == "__main__":
    main()
