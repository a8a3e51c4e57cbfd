val notApi = 1
