"""What NVIDIA FLARE asks of a site for federated statistics: our benchmark's table as a data frame."""

import os

import pandas
from nvflare.app_opt.statistics.df.df_core_statistics import DFStatisticsCore


class TableStatistics(DFStatisticsCore):
    """The quantities of one site's `cases.csv`."""

    def __init__(self, folder):
        super().__init__()
        self.folder = folder

    def initialize(self, fl_ctx):
        site = fl_ctx.get_identity_name()
        table = pandas.read_csv(os.path.join(self.folder, f"data-{site}", "cases.csv"))
        self.data = {"cases": table[[name for name in table.columns if name.startswith("q")]]}
